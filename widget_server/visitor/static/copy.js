// Copies the link of the customer's page. Without script the button stays hidden: the address bar has the link.
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
