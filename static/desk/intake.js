// Enter in an identifier field looks it up; Enter elsewhere on a step without a form goes on to the next step.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.altKey || event.metaKey) return;
  const finder = event.target.id && document.querySelector(`[data-enter="#${event.target.id}"]`);
  if (finder) {
    event.preventDefault();
    finder.click();
    return;
  }
  const next = document.querySelector("[data-next]");
  if (next && (event.target === document.body || event.target.id === "main")) next.click();
});
