import { looksShared } from "../../../shared/email-address.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Button,
  Checkboxes,
  Form,
  FormFooter,
  type FormState,
  Paragraph,
  Stepper,
  Textarea,
} from "../../../web/ui/index.ts";
import type { NationalRegister } from "../../register/index.ts";
import {
  listOpenServices,
  type NewStructure,
  NewStructureFields,
  type NewStructureStep,
  readNewStructure,
  type ServiceRow,
  type StructureRow,
  serviceChoices,
} from "../../structures/index.ts";
import type { SignUpIntent } from "../sign-up-intent.ts";
import {
  Carried,
  CORRECT_PATH,
  personFields,
  SIGN_UP,
  SIGN_UP_STEPS,
  signUpShape,
  structureFields,
} from "./sign-up-form.tsx";

const eyes = "a structure that a visitor named by its whole identifier";

/** What is settled about the structure once step 2 is over. */
export type StructureChoice =
  | { readonly kind: "later" }
  | {
      /** It is in the portal: one asks to join it, or to manage it when nobody does. */
      readonly kind: "known";
      readonly structure: StructureRow;
      /** What anybody may know of it. */
      readonly face: string;
      readonly services: readonly ServiceRow[];
      readonly message: string;
    }
  | { readonly kind: "new"; readonly structure: NewStructure };

/** What step 2 shows: a structure to identify or to describe, or one to join. */
export type StructureStep =
  | NewStructureStep
  | {
      readonly kind: "join";
      readonly structure: StructureRow;
      readonly face: string;
      readonly services: readonly ServiceRow[];
    };

export const identifying: NewStructureStep = { kind: "identify", errors: {} };

type ReadStructure =
  | { readonly ok: true; readonly value: StructureChoice }
  | { readonly ok: false; readonly state: FormState; readonly step: StructureStep };

/** Step 2: the structure may come later; known, one will ask to join it; new, it is described and will be created. */
export async function readStructure(ctx: Context, register: NationalRegister): Promise<ReadStructure> {
  const form = ctx.form(signUpShape);
  const refuse = (step: StructureStep, errors: FormState["errors"]): ReadStructure => ({
    ok: false,
    state: { values: typedValues(ctx.body), errors },
    step,
  });
  if (!form.ok) return refuse(identifying, form.state.errors);
  const { later, step: shown, serviceIds, message } = form.values;
  if (later === "oui") return { ok: true, value: { kind: "later" } };
  const step = await readNewStructure(ctx, register, signUpShape);
  if (step.kind === "described") return { ok: true, value: { kind: "new", structure: step.structure } };
  if (step.kind !== "known") return refuse(step, step.kind === "choose" ? {} : step.errors);
  const { structure, face, closed } = step;
  if (closed !== null) return refuse(identifying, { identifierValue: closed });
  const services = await servicesToAsk(ctx, structure);
  const join = { kind: "join", structure, face, services } as const;
  if (shown !== stepOf(structure)) return refuse(join, {});
  if (structure.withoutManager && message === "")
    return refuse(join, { message: "Dites à quel titre vous demandez à gérer cette structure." });
  return {
    ok: true,
    value: {
      kind: "known",
      structure,
      face,
      services: services.filter((one) => serviceIds.includes(String(one.id))),
      message,
    },
  };
}

const stepOf = (structure: StructureRow) => `join:${structure.id}`;

/** The services that one may ask for: those that the public directory shows anyway. */
function servicesToAsk(ctx: Context, structure: StructureRow): Promise<readonly ServiceRow[]> {
  if (structure.kind !== "public" || structure.withoutManager) return Promise.resolve([]);
  return ctx.systemTx(eyes, (tx, now) => listOpenServices(tx, structure.id, now));
}

/** What will be done at activation, once the address is proved. */
export function intentOf(choice: StructureChoice): SignUpIntent | null {
  if (choice.kind === "later") return null;
  if (choice.kind === "new") return { kind: "create", structure: choice.structure };
  const { structure, services, message } = choice;
  return structure.withoutManager
    ? { kind: "claim", structureId: structure.id, justification: message }
    : { kind: "join", structureId: structure.id, message, serviceIds: services.map((one) => one.id) };
}

/** What a page that asks for the identifier alone keeps of an earlier passage. */
const describedLater = structureFields.filter(
  (name) => !["identifierType", "identifierValue", "step", "later"].includes(name),
);

export function StructurePage({ ctx, form, step }: { ctx: Context; form: FormState; step: StructureStep }) {
  const shared = typeof form.values.email === "string" && looksShared(form.values.email);
  return (
    <Page
      chrome={ctx.chrome}
      title="Votre structure"
      caption={SIGN_UP}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Stepper step={2} of={SIGN_UP_STEPS} title="votre structure" />
      {shared && (
        <Banner tone="warning" title="Votre adresse semble partagée">
          <p>Une adresse partagée empêche de savoir qui a agi. Préférez une adresse à votre nom.</p>
        </Banner>
      )}
      <Form token={ctx.formToken} action="/compte/creer/structure" state={form}>
        <Carried raw={ctx.body} names={personFields} />
        {step.kind === "identify" && <Carried raw={ctx.body} names={describedLater} />}
        {step.kind === "join" ? (
          <JoinFields form={form} structure={step.structure} face={step.face} services={step.services} />
        ) : (
          <NewStructureFields
            form={form}
            step={step}
            identifierHint="Saisissez l'identifiant de votre entreprise ou organisme, pas celui de votre client public."
          />
        )}
        <FormFooter submit="Continuer" />
        {step.kind === "identify" && (
          <Paragraph>
            Vous avez reçu une invitation, ou vous n'avez pas ce numéro sous la main ? Passez cette étape :
            une invitation à votre adresse prend effet à l'activation.
          </Paragraph>
        )}
        <div class="u-buttons">
          {step.kind !== "identify" && (
            <Button kind="secondary" action={CORRECT_PATH} name="corriger" value="structure">
              Changer d'identifiant
            </Button>
          )}
          <Button kind="secondary" name="later" value="oui">
            Je le ferai plus tard
          </Button>
        </div>
      </Form>
    </Page>
  );
}

/** Case C: the structure is in the portal. */
function JoinFields({
  form,
  structure,
  face,
  services,
}: {
  form: FormState;
  structure: StructureRow;
  face: string;
  services: readonly ServiceRow[];
}) {
  const { identifierType, identifierValue, withoutManager } = structure;
  return (
    <>
      <input type="hidden" name="identifierType" value={identifierType} />
      <input type="hidden" name="identifierValue" value={identifierValue} />
      <input type="hidden" name="step" value={stepOf(structure)} />
      <Banner tone="info" title={face}>
        <p>
          {withoutManager
            ? "Cette structure existe déjà. Aucun gestionnaire : votre demande sera examinée par l'opérateur."
            : "Cette structure existe déjà. Ses gestionnaires recevront votre demande."}
        </p>
      </Banner>
      {services.length > 0 && (
        <Checkboxes
          form={form}
          name="serviceIds"
          label="Services souhaités"
          hint="Ne cochez rien pour travailler dans toute la structure."
          list
          options={serviceChoices(services)}
        />
      )}
      <Textarea
        form={form}
        name="message"
        label={withoutManager ? "Justification" : "Message aux gestionnaires"}
        required={withoutManager}
        rows={3}
        maxlength={500}
        hint={
          withoutManager
            ? "Votre fonction, la décision ou le mandat qui vous désigne."
            : "Dites qui vous êtes et pour quoi faire : ils répondront plus vite."
        }
      />
    </>
  );
}
