// The queue by keyboard: one row has the cursor (roving tabindex on its link), j k move, x chooses, c claims what is
// chosen, or the row, i gathers what is chosen into an incident.
// Focus survives htmx swaps by element id, and returns to its row after 'back'.
(() => {
  "use strict";
  const links = () => [...document.querySelectorAll(".case .words a")];
  const kept = "console:row:" + location.pathname;
  let current = null;

  function rove(link, focus) {
    for (const other of links()) other.tabIndex = other === link ? 0 : -1;
    current = link ? link.id : null;
    if (link && focus) {
      link.focus();
      link.closest(".case").scrollIntoView({ block: "nearest" });
    }
  }

  function start() {
    const all = links();
    if (!all.length) return;
    rove(all.find((link) => link.id === current) || all[0], false);
  }

  function move(by) {
    const all = links();
    const at = all.findIndex((link) => link === document.activeElement);
    const next = at < 0 ? all.find((link) => link.id === current) || all[0] : all[at + by];
    if (next) rove(next, true);
    return all.length > 0;
  }

  const row = () => {
    const focused = document.activeElement.closest(".case");
    return focused || (current && document.getElementById(current) ? document.getElementById(current).closest(".case") : null);
  };

  function choose() {
    const box = row() && row().querySelector(".box");
    if (box) { box.checked = !box.checked; count(); }
    return box !== null;
  }

  const chosen = () => [...document.querySelectorAll(".case .box:checked")];

  // What is chosen and nobody's, as the line above the list says; the row under the cursor when nothing else is.
  function claim() {
    const boxes = chosen().filter((box) => box.classList.contains("free"));
    const bulk = document.getElementById("bulk");
    if (bulk && boxes.some((box) => box.closest(".case") !== row())) {
      bulk.requestSubmit();
      return true;
    }
    const button = row() && row().querySelector("form .b.word");
    if (button) button.click();
    return Boolean(button);
  }

  function gather() {
    const button = document.getElementById("gather");
    if (button && chosen().length) button.click();
    return Boolean(button && chosen().length);
  }

  function count() {
    const out = document.getElementById("bulk-count");
    if (out) out.textContent = chosen().length ? `${chosen().length} chosen` : "";
  }

  const keys = {
    j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1), x: choose, c: claim, i: gather,
    f: () => {
      const pick = document.querySelector("#filters summary");
      if (pick) pick.focus();
      return pick !== null;
    },
  };

  document.addEventListener("console:key", (event) => {
    const act = keys[event.detail.key];
    if (act && act()) event.preventDefault();
  });
  document.addEventListener("change", (event) => { if (event.target.matches(".case .box")) count(); });
  document.addEventListener("focusin", (event) => { if (event.target.matches(".case .words a")) rove(event.target, false); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".case .words a");
    if (link) sessionStorage.setItem(kept, link.id);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    start();
    count();
    const swapped = event.detail.elt;
    if (document.activeElement === document.body && swapped && swapped.id && swapped.id.startsWith("case-")) {
      const again = document.getElementById(swapped.id);
      if (again) rove(again.querySelector(".words a"), true);
    }
  });
  window.addEventListener("pageshow", () => {
    start();
    let id = null;
    try { id = sessionStorage.getItem(kept); sessionStorage.removeItem(kept); } catch { /* storage is optional */ }
    const link = id && document.getElementById(id);
    if (link) rove(link, true);
    count();
  });
})();
