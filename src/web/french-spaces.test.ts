import { describe, expect, test } from "vitest";
import { withFrenchSpaces } from "./french-spaces.ts";

describe("Les signes de ponctuation doubles ne commencent jamais une ligne", () => {
  for (const [says, html, shown] of [
    ["dans le texte", "<p>Qui ? « Paul » : oui ; non !</p>", "<p>Qui_? «_Paul_»_: oui_; non_!</p>"],
    ["d'un élément à l'autre", "<b>SIRET</b> : <i>1</i>", "<b>SIRET</b>_: <i>1</i>"],
    ["une heure, une adresse", "<p>15:01 a:b?c=d</p>", "<p>15:01 a:b?c=d</p>"],
    ["ce qui sera renvoyé", '<input value="a > b : « c »"/> :', '<input value="a > b : « c »"/>_:'],
    ["ce qui se corrige", '<textarea rows="3">a : b</textarea> :', '<textarea rows="3">a : b</textarea>_:'],
    ["ce qui se copie", '<span class="u-code">a : b</span> ;', '<span class="u-code">a : b</span>_;'],
  ] as const)
    test(says, () => expect(withFrenchSpaces(html).replaceAll("\u00a0", "_")).toBe(shown));
});
