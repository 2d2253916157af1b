// Prints the page. The button is hidden until this runs, so nobody meets one that does nothing.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
