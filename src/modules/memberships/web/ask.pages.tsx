import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { choices, idChoice, text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  ButtonLink,
  Checkboxes,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Radios,
  Select,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import {
  findKnown,
  findStructure,
  identifierText,
  identifierTypes,
  listOpenServices,
  publicFace,
  type ServiceRow,
  type StructureRow,
  serviceChoices,
  structureIdentifier,
} from "../../structures/index.ts";
import { type MembershipRefusal, refusalTexts } from "../domain/decisions.ts";
import { wishes, wishNames } from "../domain/wishes.ts";
import { listOwnMemberships } from "../own-store.ts";
import { listOwnRequests } from "../requests-store.ts";
import { requestMembership } from "../use-cases/requests.ts";
import { claimUrl, ownCrumbs } from "./own-requests.pages.tsx";

const fieldOfRefusal: { readonly [C in MembershipRefusal["code"]]?: string } = {
  NO_SERVICE: "serviceIds",
  ANSWER_THE_REFUSAL: "message",
};

const eyes = "the person asks a structure she is no member of";

function FindPage({ ctx, form }: { ctx: Context; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Demander un rattachement"
      crumbs={ownCrumbs}
      lead="À quelle structure ? Donnez son identifiant complet."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <form method="get" action="/mes-rattachements/demander" class="u-form--narrow">
        <Select
          form={form}
          name="type"
          label="Type d'identifiant"
          required
          options={identifierTypes.map((type) => ({ value: type.code, label: type.label }))}
          value="SIRET"
        />
        <TextInput
          form={form}
          name="identifiant"
          label="Identifiant"
          required
          maxlength={30}
          width={20}
          spellcheck={false}
          hint={
            <>
              Vous ne le connaissez pas ? Une structure publique se trouve par son nom{" "}
              <Link href="/annuaire">dans l'annuaire</Link>.
            </>
          }
        />
        <FormFooter submit="Continuer" cancel="/mes-rattachements" />
      </form>
    </Page>
  );
}

function AskPage({
  ctx,
  structure,
  services,
  form,
}: {
  ctx: Context;
  structure: StructureRow;
  services: readonly ServiceRow[];
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Demander un rattachement"
      caption={publicFace(structure)}
      crumbs={ownCrumbs}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action="/mes-rattachements/demander" state={form}>
        <input type="hidden" name="of" value={structure.id} />
        <Radios
          form={form}
          name="scope"
          label="Niveau de rattachement"
          required
          value="structure"
          options={[
            { value: "structure", label: "Toute la structure" },
            ...(services.length > 0 ? [{ value: "service", label: "Certains services" }] : []),
          ]}
        />
        {services.length > 0 && (
          <Checkboxes
            form={form}
            name="serviceIds"
            label="Services"
            list
            options={serviceChoices(services)}
          />
        )}
        <Checkboxes
          form={form}
          name="wishes"
          label="Ce que vous y ferez"
          options={wishNames.map((wish) => ({ value: wish, label: wishes[wish] }))}
        />
        <Textarea
          form={form}
          name="message"
          label="Message aux gestionnaires"
          rows={3}
          maxlength={500}
          hint="Dites qui vous êtes et pour quoi faire : ils répondront plus vite."
        />
        <FormFooter submit="Envoyer la demande" cancel="/mes-rattachements" />
      </Form>
    </Page>
  );
}

/** MGR-04. Nobody could receive the request: the operator examines another. */
function NobodyPage({ ctx, structure }: { ctx: Context; structure: StructureRow }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Demander un rattachement"
      caption={publicFace(structure)}
      crumbs={ownCrumbs}
    >
      <Banner tone="info" title="Aucun gestionnaire : votre demande sera examinée par l'opérateur.">
        <p>
          Dites à quel titre vous demandez à gérer cette structure ; vous y rattacherez ensuite vos collègues.
        </p>
      </Banner>
      <ButtonLink href={claimUrl(structure)}>Demander à la gérer</ButtonLink>
    </Page>
  );
}

/** What a person asked to know of a structure: its own identifier typed in full, or one she works for or asked to join. */
async function askedStructure(
  ctx: Context,
): Promise<{ structure: StructureRow; services: ServiceRow[] } | { errors: Record<string, string> } | null> {
  const again = ctx.one("structure");
  if (again) {
    const known = await ctx.systemTx(eyes, async (tx) => [
      ...(await listOwnRequests(tx, ctx.who.accountId)),
      ...(await listOwnMemberships(tx, ctx.who.accountId)),
    ]);
    const own = known.find((one) => String(one.structureId) === again);
    if (!own) throw notFound();
    return withServices(ctx, own.structureId);
  }
  if (!ctx.one("identifiant")) return null;
  const type = identifierTypes.find((one) => one.code === ctx.one("type"))?.code ?? "SIRET";
  const identifier = structureIdentifier(type, ctx.one("identifiant"));
  if (!identifier.ok) return { errors: { identifiant: identifierText(identifier.refusal) } };
  const found = await findKnown(ctx, type, identifier.value.value);
  if (!found)
    return {
      errors: {
        identifiant:
          "Aucune structure du portail n'a cet identifiant. Créez-la depuis le domaine Organisation si elle est la vôtre.",
      },
    };
  if (found.closed !== null) return { errors: { identifiant: found.closed } };
  return withServices(ctx, found.structure.id);
}

async function withServices(
  ctx: Context,
  structureId: number,
): Promise<{ structure: StructureRow; services: ServiceRow[] }> {
  return ctx.systemTx(eyes, async (tx, now) => {
    return {
      structure: (await findStructure(tx, structureId))!,
      services: await listOpenServices(tx, structureId, now),
    };
  });
}

/** « Demander un rattachement » : which structure, then where and for what. */
export function askPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mes-rattachements/demander",
    access: "account",
    handler: async (ctx) => {
      const asked = await askedStructure(ctx);
      if (asked === null) return ctx.html(<FindPage ctx={ctx} form={noForm} />);
      if ("errors" in asked)
        return ctx.html(
          <FindPage
            ctx={ctx}
            form={{
              values: { type: ctx.one("type"), identifiant: ctx.one("identifiant") },
              errors: asked.errors,
            }}
          />,
          422,
        );
      return ctx.html(
        asked.structure.withoutManager ? (
          <NobodyPage ctx={ctx} structure={asked.structure} />
        ) : (
          <AskPage ctx={ctx} {...asked} form={noForm} />
        ),
      );
    },
  });
  portal.page({
    method: "POST",
    url: "/mes-rattachements/demander",
    access: "account",
    handler: async (ctx) => {
      const form = ctx.form({
        of: idChoice("Choisissez une structure."),
        scope: z.enum(["structure", "service"]),
        serviceIds: choices,
        wishes: z.array(z.enum(wishNames)).default([]),
        message: text.optional("Message", 500),
      });
      if (!form.ok) return ctx.html(<FindPage ctx={ctx} form={form.state} />, 422);
      const { of, scope, message, wishes: asked } = form.values;
      const serviceIds =
        scope === "service" ? form.values.serviceIds.map(Number).filter(Number.isSafeInteger) : [];
      const done = await ctx.systemTx(eyes, (tx, now) =>
        requestMembership(
          tx,
          { accountId: ctx.who.accountId, structureId: of, scope, serviceIds, wishes: asked, message },
          ctx.actor,
          now,
        ),
      );
      if (!done.ok) {
        if (done.refusal.code === "NOT_FOUND") throw notFound();
        const field = fieldOfRefusal[done.refusal.code] ?? "scope";
        return ctx.html(
          <AskPage
            ctx={ctx}
            {...(await withServices(ctx, of))}
            form={{ values: typedValues(ctx.body), errors: { [field]: refusalTexts[done.refusal.code] } }}
          />,
          422,
        );
      }
      if (done.value.given !== null)
        return ctx.redirect("/mes-rattachements", {
          confirmation: {
            title: `Vous êtes rattaché à ${done.value.structureName}.`,
            text: `Votre adresse est de chez elle : votre demande est acceptée sans attendre. Vos droits : ${done.value.given}.`,
          },
        });
      return ctx.redirect("/mes-demandes", {
        confirmation: {
          title: `Votre demande pour ${done.value.structureName} est envoyée.`,
          text: "Ses gestionnaires viennent d'être prévenus ; vous le serez de leur réponse.",
        },
      });
    },
  });
}
