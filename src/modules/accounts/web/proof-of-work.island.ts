import { type Challenge, solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";

/** Solves the page's challenge while the person reads; a form sent too early leaves as soon as it is solved. */
const field = document.querySelector<HTMLInputElement>("input[data-challenge]")!;
const status = document.querySelector<HTMLElement>("[data-proof-status]")!;
const form = field.form!;
let isWorking = true;
let isSent = false;

form.addEventListener("submit", (event) => {
  if (!isWorking) return;
  event.preventDefault();
  isSent = true;
  status.textContent = "Encore un instant : votre demande part dès que la vérification est faite.";
});

status.textContent = "Vérification automatique en cours : rien ne vous est demandé.";
const solution = await solve(JSON.parse(field.dataset.challenge!) as Challenge);
isWorking = false;
if (solution !== null) field.value = solution;
status.textContent = solution === null ? "" : "Vérification automatique faite.";
if (isSent) form.requestSubmit();

async function solve(challenge: Challenge): Promise<string | null> {
  try {
    const solution = await solveChallenge({ challenge, deriveKey });
    return solution && JSON.stringify({ challenge, solution });
  } catch {
    // a page served without TLS may not calculate: the form leaves without a proof, among the few that are counted
    return null;
  }
}
