// Enter in an identifier field looks it up, in a document's field keeps the person; Enter elsewhere on a step without a form goes on to the next step.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.altKey || event.metaKey) return;
  const own = event.target.id && document.querySelector(`[data-enter="#${event.target.id}"]`);
  const finder = own || (event.target.matches("input") && event.target.closest("details")?.querySelector(":scope > [data-enter-within]"));
  if (finder) {
    event.preventDefault();
    finder.click();
    return;
  }
  const next = document.querySelector("[data-next]");
  if (next && (event.target === document.body || event.target.id === "main")) next.click();
});
