// Keys of every screen, menus that close, and the dialog that lists the keys. Screens listen for "console:key".
// Off while typing; a person can switch single keys off (WCAG 2.1.4).
(() => {
  "use strict";
  const typing = (element) =>
    element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
  const press = (id) => {
    const element = document.getElementById(id);
    if (element) element.click();
    return element !== null;
  };
  const places = { q: "queue", r: "responses", s: "surveys", c: "recovery", d: "deliveries", o: "settings" };
  let going = false;

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu === except) continue;
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  }

  function help() {
    const dialog = document.getElementById("keyhelp");
    if (dialog && !dialog.open) dialog.showModal();
  }

  function single(key) {
    if (going) {
      going = false;
      return key in places && press(`nav-${places[key]}`);
    }
    if (key === "g") {
      going = true;
      setTimeout(() => { going = false; }, 1500);
      return true;
    }
    if (key === "/") {
      const find = document.getElementById("find");
      if (find) { find.focus(); find.select(); }
      return find !== null;
    }
    if (key === "?") { help(); return true; }
    if (key === ".") return press("news-link");
    return !document.dispatchEvent(new CustomEvent("console:key", { detail: { key }, cancelable: true }));
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (typing(event.target)) event.target.blur();
      else closeMenus();
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (document.body.dataset.singleKeys === "off" && !event.key.startsWith("Arrow")) return;
    if (single(event.key)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest ? event.target.closest("details.menu") : null);
  });

  // Offline: one strip under the bar, which says how old the page is.
  const strip = document.getElementById("offline");
  if (strip) {
    const unsent = document.getElementById("unsent");
    const tell = () => {
      strip.hidden = navigator.onLine;
      if (navigator.onLine) unsent.hidden = true;
    };
    window.addEventListener("offline", tell);
    window.addEventListener("online", tell);
    tell();

    // A form sent while offline would give way to the browser's own error page, and its words with it.
    window.addEventListener("submit", (event) => {
      if (navigator.onLine || event.target.method === "dialog") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      strip.hidden = false;
      unsent.hidden = false;
    }, true);
  }

  // A form goes out once, however often its button is pressed. The server holds the same by its token.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
