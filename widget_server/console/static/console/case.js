// The page of a case by keyboard; tabs without a page load.
(() => {
  "use strict";
  const composer = document.getElementById("composer");
  const panel = (name) => document.getElementById(`panel-${name}`);

  function open(name) {
    if (!composer || !panel(name)) return false;
    for (const other of composer.querySelectorAll(".panel")) other.hidden = other !== panel(name);
    for (const tab of composer.querySelectorAll("[data-tab]")) {
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    panel(name).querySelector("textarea").focus();
    return true;
  }

  function unfold(id, field) {
    const details = document.getElementById(id);
    if (!details || !open("reply")) return false;
    details.open = true;
    document.getElementById(field).focus();
    return true;
  }

  function menu(id, field) {
    const details = document.getElementById(id);
    if (!details) return false;
    details.open = true;
    document.getElementById(field).focus();
    return true;
  }

  const press = (id) => {
    const element = document.getElementById(id);
    if (element) element.click();
    return element !== null;
  };

  const keys = {
    r: () => open("reply"), n: () => open("note"), s: () => open("found") || open("resolve") || open("close"),
    v: () => unfold("gesture-part", "gesture"), p: () => unfold("promise-part", "promise"),
    a: () => menu("handover", "to"), e: () => menu("more", "naf-reason"),
    c: () => press("claim"), u: () => press("back"), "[": () => press("previous"), "]": () => press("next"),
  };

  document.addEventListener("console:key", (event) => {
    const act = keys[event.detail.key];
    if (act && act()) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest && event.target.closest("form");
    const main = form && form.querySelector(".b.main");
    if (main) { event.preventDefault(); form.requestSubmit(main); }
  });

  if (!composer) return;
  composer.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab && open(tab.dataset.tab)) event.preventDefault();
  });
})();
