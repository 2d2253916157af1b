// What is typed on the page of a case is kept in this browser's session until the server says that it was taken: a
// draft for each form. They lie under the case's own address, since the page is also the answer to a form. The browser
// fills nothing in by itself (autocomplete="off"): it would bring back what was sent.
(() => {
  "use strict";
  const page = document.getElementById("drafts");
  if (!page) return;
  const storage = (act) => { try { return act(sessionStorage); } catch { return null; } };
  const key = (form) => `console:draft:${page.dataset.case}:${form}`;
  const kept = (form) => JSON.parse(storage((store) => store.getItem(key(form))) || "{}");

  function keep(event) {
    const { form, name, type } = event.target;
    if (!form || !form.dataset.draft || !name) return;
    const value = type === "checkbox" ? event.target.checked : event.target.value;
    const draft = JSON.stringify({ ...kept(form.dataset.draft), [name]: value });
    storage((store) => store.setItem(key(form.dataset.draft), draft));
  }

  function fill(field, value) {
    if (field.type === "checkbox") field.checked = value;
    else if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
    const part = field.closest("details.extra");  // a gesture that would go along is seen
    if (part && value) part.open = true;
  }

  const [taken, ...fields] = (page.dataset.taken || "").split(" ");  // of a form some fields only, where they are named
  if (taken && !fields.length) storage((store) => store.removeItem(key(taken)));
  else if (taken) {
    const draft = kept(taken);
    for (const name of fields) delete draft[name];
    storage((store) => store.setItem(key(taken), JSON.stringify(draft)));
  }
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const draft = kept(form.dataset.draft);
    for (const field of form.elements) if (field.name in draft) fill(field, draft[field.name]);
    if (form.elements.kept) form.elements.kept.value = storage((store) => (store.setItem("console:draft", "1"), "1")) || "";
  }
  document.addEventListener("input", keep);
  document.addEventListener("change", keep);

  // A browser that shows the page as it was left would show what was sent as if it were not.
  let gone = false;
  document.addEventListener("submit", () => { gone = true; });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted || !gone) return;
    if (location.pathname === page.dataset.case) location.reload();
    else location.replace(page.dataset.case);
  });
})();
