/** npm run conformance -w packages/einvoice: how the verdicts agree with the official ones, by family of rules. */
import { agreementOnEn16931, failuresOfUnitTests, readSamples, samplesFolder } from "../test/conformance.ts";

const folder = samplesFolder();
if (!folder) {
  console.error("Les échantillons officiels sont absents : donnez leur dossier par EINVOICE_SAMPLES.");
  process.exit(2);
}
const agreement = agreementOnEn16931(readSamples(folder));
console.log("| Famille | Attendus | Trouvés | Communs |\n| --- | ---: | ---: | ---: |");
for (const [family, { expected, found, both }] of [...agreement.families].sort())
  console.log(`| ${family} | ${expected} | ${found} | ${both} |`);
console.log(`\nEN 16931 : ${agreement.equal} échantillons égaux sur ${agreement.samples}.`);
for (const { id, missing, extra } of agreement.differences)
  console.log(`  ${id} : manquent ${missing.join(" ") || "—"}, en trop ${extra.join(" ") || "—"}`);
const { tests, failures } = failuresOfUnitTests(folder);
console.log(`Essais officiels de règles : ${tests - failures.length} justes sur ${tests}.`);
for (const failure of failures) console.log(`  ${failure}`);
process.exitCode = agreement.differences.length + failures.length === 0 ? 0 : 1;
