import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import { inSteadyTime } from "../../../web/steady-time.ts";
import { type FormState, noForm } from "../../../web/ui/index.ts";
import { newChallenge } from "../proof-of-work.ts";
import { admitSignUp } from "../use-cases/admit-sign-up.ts";
import { signUp } from "../use-cases/sign-up.ts";
import { sendSentPage } from "./activation.pages.tsx";
import { CORRECT_PATH } from "./sign-up-form.tsx";
import { PersonPage, readPerson } from "./sign-up-person.tsx";
import { identifying, intentOf, readStructure, StructurePage } from "./sign-up-structure.tsx";
import { type Summary, SummaryPage } from "./sign-up-summary.tsx";

/** The seed's four steps to an account, the first three: what is typed travels in the forms, and nothing is kept. */
export function signUpPages(portal: Portal): void {
  const typed = (ctx: Context): FormState => ({ values: typedValues(ctx.body), errors: {} });
  const summary = async (ctx: Context, known: Omit<Summary, "challenge">, status = 200) =>
    ctx.html(
      <SummaryPage ctx={ctx} {...known} challenge={await newChallenge(ctx.config, ctx.now)} />,
      status,
    );
  portal.page({
    method: "GET",
    url: "/compte/creer",
    access: "public",
    handler: (ctx) => ctx.html(<PersonPage ctx={ctx} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/compte/creer",
    access: "public",
    handler: (ctx) => {
      const person = readPerson(ctx);
      return person.ok
        ? ctx.html(<StructurePage ctx={ctx} form={typed(ctx)} step={identifying} />)
        : ctx.html(<PersonPage ctx={ctx} form={person.state} />, 422);
    },
  });
  portal.page({
    method: "POST",
    url: "/compte/creer/structure",
    access: "public",
    handler: async (ctx) => {
      const person = readPerson(ctx);
      if (!person.ok) return ctx.html(<PersonPage ctx={ctx} form={person.state} />, 422);
      const structure = await readStructure(ctx, portal.register);
      if (structure.ok) return summary(ctx, { person: person.value, structure: structure.value });
      const hasErrors = Object.keys(structure.state.errors).length > 0;
      return ctx.html(
        <StructurePage ctx={ctx} form={structure.state} step={structure.step} />,
        hasErrors ? 422 : 200,
      );
    },
  });
  portal.page({
    method: "POST",
    url: CORRECT_PATH,
    access: "public",
    handler: (ctx) =>
      ctx.html(
        ctx.body.corriger === "structure" ? (
          <StructurePage ctx={ctx} form={typed(ctx)} step={identifying} />
        ) : (
          <PersonPage ctx={ctx} form={typed(ctx)} />
        ),
      ),
  });
  portal.page({
    method: "POST",
    url: "/compte/creer/terminer",
    access: "public",
    handler: async (ctx) => {
      const person = readPerson(ctx);
      if (!person.ok) return ctx.html(<PersonPage ctx={ctx} form={person.state} />, 422);
      const structure = await readStructure(ctx, portal.register);
      if (!structure.ok)
        return ctx.html(<StructurePage ctx={ctx} form={structure.state} step={structure.step} />, 422);
      const admitted = await admitSignUp(
        ctx.database,
        ctx.config,
        { proof: String(ctx.body.preuve ?? ""), ip: ctx.request.ip },
        ctx.now,
      );
      if (!admitted.ok) {
        const { refusal } = admitted;
        if (refusal.code === "SIGN_UP_WAIT") ctx.reply.header("retry-after", refusal.seconds);
        return summary(
          ctx,
          { person: person.value, structure: structure.value, refusal },
          refusal.code === "SIGN_UP_WAIT" ? 429 : 422,
        );
      }
      const input = { ...person.value, intent: intentOf(structure.value) };
      const answer = await inSteadyTime(signUp(ctx.database, ctx.config, input, ctx.actor));
      return sendSentPage(ctx, person.value.email, answer);
    },
  });
}
