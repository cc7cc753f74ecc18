// Coverage: the question in the form, its answer beside the map, and what is only supposed.
import { currentQuery, currentStyle, failed, fetched, withQuery } from "./layers.js";

export function addCoverage(map, { addresses }) {
  const form = document.getElementById("question");
  let latest = 0;
  const refresh = async () => {
    latest += 1;
    const turn = latest;
    const link = new URLSearchParams([...currentQuery(), ...currentStyle()]);
    history.replaceState(null, "", link.toString() ? `?${link}` : location.pathname);
    try {
      const text = await (await fetched(withQuery(addresses.account, link))).text();
      if (turn !== latest) return;
      // The server's own markup: Jinja has escaped whatever people wrote.
      const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("table");
      document.getElementById("table").replaceWith(document.adoptNode(fresh));
    } catch (error) {
      failed(error);
    }
  };
  form.addEventListener("change", refresh);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
  });
}
