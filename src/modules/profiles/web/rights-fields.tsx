import { z } from "zod";
import { Fieldset, type FormState, Select } from "../../../web/ui/index.ts";
import { type Application, applications, applicationsOf, type ProfileLine } from "../../rights/index.ts";

type Level = "none" | "read" | "write";
const fieldOf = (application: Application) => `droit-${application.code}`;

/** The levels at which an application is given. */
export const levelOptions = (application: Application) => [
  { value: "none", label: "Aucun" },
  ...(application.hasRead ? [{ value: "read", label: "Consultation" }] : []),
  { value: "write", label: application.hasRead ? "Modification" : "Oui" },
];

/** One choice for each application that means something for the structure: nothing, consultation, modification. */
export function RightsFields(props: {
  form: FormState;
  kind: "public" | "private";
  levelOf: (application: string) => Level;
}) {
  return (
    <Fieldset legend="Droits" isTitled>
      {applicationsOf(props.kind).map((application) => (
        <Select
          key={application.code}
          form={props.form}
          name={fieldOf(application)}
          label={application.label}
          required
          value={props.levelOf(application.code)}
          options={levelOptions(application)}
        />
      ))}
    </Fieldset>
  );
}

/** The fields above, for the reading of the form. */
export const rightsShape = Object.fromEntries(
  applications.map((one) => [fieldOf(one), z.enum(["none", "read", "write"]).default("none")]),
);

/** The rights that a read form gives. */
export function linesFrom(values: Readonly<Record<string, unknown>>): readonly ProfileLine[] {
  return applications.flatMap((one) => {
    const level = values[fieldOf(one)];
    return level === "read" || level === "write" ? [{ application: one.code, level }] : [];
  });
}
