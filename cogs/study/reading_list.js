"use strict";

(() => {
  const form = document.querySelector("form");
  const result = document.querySelector("output");
  const nothing = document.querySelector("#nothing");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const cards = [...document.querySelectorAll("article")].map((article) => ({
    item: article.parentElement,
    text: fold(article.textContent),
    year: Number(article.dataset.year),
    kind: article.dataset.kind,
    substances: article.dataset.substances.split("\n"),
  }));

  const fits = (card, wanted) =>
    wanted.words.every((word) => card.text.includes(word)) &&
    (!wanted.from || card.year >= wanted.from) &&
    (!wanted.to || (card.year && card.year <= wanted.to)) &&
    (!wanted.kind || card.kind === wanted.kind) &&
    (!wanted.substance || card.substances.includes(wanted.substance));

  const show = () => {
    const value = (name) => form.elements[name].value;
    const wanted = {
      words: fold(value("words")).split(/\s+/).filter(Boolean),
      from: Number(value("from")),
      to: Number(value("to")),
      kind: value("kind"),
      substance: value("substance"),
    };
    let count = 0;
    for (const card of cards) {
      const shown = fits(card, wanted);
      card.item.hidden = !shown;
      count += shown;
    }
    result.textContent = result.dataset.words.replace("{shown}", count).replace("{all}", cards.length);
    nothing.hidden = count > 0;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-done]");
    if (!button) return;
    await copy(button.closest("article").querySelector(".citation").textContent.trim());
    const label = button.textContent;
    button.textContent = button.dataset.done;
    button.focus();
    button.addEventListener("blur", () => (button.textContent = label), { once: true });
  });

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show));
  document.querySelector("search").hidden = false;
  for (const button of document.querySelectorAll("button[data-done]")) button.hidden = false;
  show();
})();
