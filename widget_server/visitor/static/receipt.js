// The customer's page works without this. A browser that shows the page as it was left, on the way back to it, would
// show what was sent as if it were not.
let gone = false;
document.addEventListener("submit", () => { gone = true; });
window.addEventListener("pageshow", (event) => { if (event.persisted && gone) location.reload(); });

// What was done is said once: a reload or a link that is kept says it no more.
const shown = new URL(location.href);
if (shown.searchParams.has("done")) {
  for (const name of ["done", "at"]) shown.searchParams.delete(name);
  shown.hash = "";
  history.replaceState(history.state, "", shown);
}

// Copies the page's link. Without script the button stays hidden: the address bar has the link.
const button = document.getElementById("copy");
if (button && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const address = new URL(location.href);
    address.search = "";
    address.hash = "";
    try {
      await navigator.clipboard.writeText(address.href);
      document.getElementById("copied").textContent = button.dataset.copied;
    } catch {
      button.hidden = true;
    }
  });
}
