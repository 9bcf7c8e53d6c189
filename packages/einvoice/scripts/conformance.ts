/** npm run conformance -w packages/einvoice: how the verdicts agree with the official ones, by family of rules. */
import {
  type Agreement,
  agreementOnEn16931,
  agreementOnFrCtc,
  failuresOfUnitTests,
  readSamples,
  samplesFolder,
} from "../test/conformance.ts";

const folder = samplesFolder();
if (!folder) {
  console.error("Les échantillons officiels sont absents : donnez leur dossier par EINVOICE_SAMPLES.");
  process.exit(2);
}
const samples = readSamples(folder);
const en16931 = agreementOnEn16931(samples);
tell("EN 16931", en16931);
const french = agreementOnFrCtc(samples);
tell("Règles françaises", french);
const { tests, failures } = failuresOfUnitTests(folder);
console.log(`Essais officiels de règles : ${tests - failures.length} justes sur ${tests}.`);
for (const failure of failures) console.log(`  ${failure}`);
const isHeld = en16931.differences.length + failures.length === 0 && french.equal >= 0.995 * french.samples;
process.exitCode = isHeld ? 0 : 1;

function tell(title: string, agreement: Agreement): void {
  console.log("| Famille | Attendus | Trouvés | Communs |\n| --- | ---: | ---: | ---: |");
  for (const [family, { expected, found, both }] of [...agreement.families].sort())
    console.log(`| ${family} | ${expected} | ${found} | ${both} |`);
  console.log(`\n${title} : ${agreement.equal} échantillons égaux sur ${agreement.samples}.`);
  for (const { id, missing, extra } of agreement.differences)
    console.log(`  ${id} : manquent ${missing.join(" ") || "—"}, en trop ${extra.join(" ") || "—"}`);
  console.log("");
}
