// A reply to begin with is put into what is being written: where the cursor stands, or after a blank line at the end. Nothing
// that is typed goes for it, and the browser's own "undo" takes it back. Without this script each is a link to a filled page.
(() => {
  "use strict";
  const list = document.getElementById("replies");
  const box = document.getElementById("reply-body");
  if (!list || !box) return;
  const told = document.getElementById("replies-told");

  function put(words) {
    const typed = box.value;
    const end = !box.dataset.at || box.selectionEnd >= typed.trimEnd().length;
    const at = end ? typed.trimEnd().length : box.selectionEnd;
    const piece = end && at ? `\n\n${words}` : words;
    const over = at + piece.length + (end ? 0 : typed.length - at) - box.maxLength;
    if (over > 0) return `With this the reply would have ${over} letters too many. Nothing was put in.`;
    list.open = false;
    box.focus();
    box.setSelectionRange(at, end ? typed.length : at);
    if (!document.execCommand("insertText", false, piece)) {
      box.setRangeText(piece, at, end ? typed.length : at, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return "";
  }

  async function fetched(address) {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual" });
    if (answer.status === 404) return [null, "Somebody took this reply away meanwhile."];
    if (!answer.ok) return [null, "It could not be loaded. If you were signed out, load the page again: what you typed is kept."];
    return [await answer.text(), ""];
  }

  list.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-use]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const [words, wrong] = await fetched(link.dataset.use).catch(() => [null, "The server can’t be reached. Nothing was put in."]);
    told.textContent = wrong || put(words);
  });

  for (const kind of ["blur", "select", "input"]) box.addEventListener(kind, () => { box.dataset.at = "known"; });

  document.addEventListener("console:key", (event) => {
    if (event.detail.key !== "w") return;
    const tab = document.querySelector("[data-tab=reply]");
    if (tab) tab.click();
    list.open = true;
    list.querySelector("a").focus();
    event.preventDefault();
  });
})();
