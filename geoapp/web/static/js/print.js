// A page whose only script is its button to print.
for (const button of document.querySelectorAll("[data-print-page]")) button.addEventListener("click", () => window.print());
document.documentElement.dataset.ready = "yes";
