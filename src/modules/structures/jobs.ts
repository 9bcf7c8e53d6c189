import { publish, theClock } from "../../platform/events.ts";
import { job } from "../../platform/jobs.ts";
import { accepted } from "../../shared/result.ts";
import { openRegister } from "../register/index.ts";
import { listToArchive } from "./archive-store.ts";
import { serviceNoticed } from "./domain/events.ts";
import { registrationReminderDue } from "./domain/identifier.ts";
import { registryVerdict } from "./domain/registry-check.ts";
import { noticeDue } from "./domain/service-notice.ts";
import { listToCheck, listUnregistered } from "./register-check-store.ts";
import { listDueChanges } from "./replacement-store.ts";
import { listServicesToTell, markServiceTold } from "./service-store.ts";
import { askAboutNumber } from "./use-cases/ask-about-number.ts";
import { archiveStructure } from "./use-cases/deactivation.ts";
import { noteRegistryVerdict, remindRegistration } from "./use-cases/register.ts";
import { carryOutPlanned } from "./use-cases/replacement.ts";

const eyes = { kind: "system", reason: "the clock acts for nobody" } as const;
/** Structures asked of the register in one run. */
const ASKED_AT_ONCE = 500;

/** IDN-07, STR-07. Asks the national register about the structures that it has still to confirm, and each once a quarter. */
export const checkRegister = job({
  name: "check-register",
  schedule: "20 4 * * *",
  run: async ({ database, config, log }) => {
    const register = openRegister(config, database, log);
    const report = { confirmed: 0, closed: 0, absent: 0, later: 0 };
    for (const structure of await database.transaction(eyes, (tx, now) =>
      listToCheck(tx, ASKED_AT_ONCE, now),
    )) {
      const answer = await register.find(structure.identifierValue);
      const kind = await database.transaction(eyes, async (tx, now) => {
        const verdict = registryVerdict(answer, structure.createdAt, now);
        if (verdict.kind !== "later") await noteRegistryVerdict(tx, structure, verdict, theClock, now);
        return verdict.kind;
      });
      report[kind]++;
    }
    return report;
  },
});

/** Carries out the changes of identifier whose day has come, each in its own transaction. */
export const changeIdentifiers = job({
  name: "change-identifiers",
  schedule: "*/10 * * * *",
  run: async ({ database, config, log }) => {
    const register = openRegister(config, database, log);
    const bankFourEyes = config.BANK_FOUR_EYES === "on";
    const report = { done: 0, failed: 0 };
    for (const due of await database.transaction(eyes, (tx, now) => listDueChanges(tx, now))) {
      const said = await askAboutNumber(register, due, due.identifierValue);
      const terms = said.ok ? accepted({ ...said.value.terms, bankFourEyes }) : said;
      const outcome = await database.transaction(eyes, (tx, now) =>
        carryOutPlanned(tx, due.structureId, terms, theClock, now),
      );
      if (outcome) report[outcome]++;
    }
    return report;
  },
});

/** § 7.6. Archives the structures deactivated for twenty-four months, each in its own transaction. */
export const archiveStructures = job({
  name: "archive-structures",
  schedule: "35 3 * * *",
  run: async ({ database }) => {
    let archived = 0;
    for (const id of await database.transaction(eyes, (tx, now) => listToArchive(tx, now)))
      if (await database.transaction(eyes, (tx, now) => archiveStructure(tx, id, theClock, now))) archived++;
    return { archived };
  },
});

/** Reminds the companies that wait for their number, thirty then seventy-five days after their creation. */
export const remindUnregistered = job({
  name: "remind-unregistered",
  schedule: "50 4 * * *",
  run: ({ database }) =>
    database.transaction(eyes, async (tx, now) => {
      let reminded = 0;
      for (const structure of await listUnregistered(tx)) {
        const days = registrationReminderDue(structure.createdAt, structure.registrationRemindedDays, now);
        if (days === null) continue;
        await remindRegistration(tx, structure, days, theClock);
        reminded++;
      }
      return { reminded };
    }),
});

/** N-28. Tells managers and the people of a service that it starts, will end soon, or has ended. */
export const tellServices = job({
  name: "tell-services",
  schedule: "15 5 * * *",
  run: async ({ database }) => {
    const near = await database.transaction(eyes, (tx, now) => listServicesToTell(tx, now));
    let told = 0;
    for (const service of near)
      told += await database.transaction(eyes, async (tx, now) => {
        const notice = noticeDue(service, now);
        if (notice === null || !(await markServiceTold(tx, service, notice))) return 0;
        const { id: serviceId, structureId, structureName, code, endsAt, successorCode } = service;
        await publish(
          tx,
          serviceNoticed(
            { structureId, structureName, serviceId, code, notice, endsAt, successorCode },
            theClock,
          ),
        );
        return 1;
      });
    return { told };
  },
});
