import type { ComponentChildren } from "preact";
import type { FormState } from "./form-state.ts";

type Common = {
  readonly form: FormState;
  readonly name: string;
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly required?: boolean;
};

/** What stands in a field: what was typed, else what is known. */
function shownValue(form: FormState, name: string, known = ""): string {
  const typed = form.values[name];
  return typeof typed === "string" ? typed : known;
}

/** The identifier of the field of that name. */
export const idOf = (name: string) => `champ-${name}`;

function describedBy(form: FormState, name: string, hint: unknown): string | undefined {
  const ids = [hint ? `${idOf(name)}-aide` : "", form.errors[name] ? `${idOf(name)}-erreur` : ""].filter(
    Boolean,
  );
  return ids.length > 0 ? ids.join(" ") : undefined;
}

/** Says whether a field must be filled. A choice that always has a value says neither. */
function Required({ required, isAlwaysFilled }: { required?: boolean; isAlwaysFilled?: boolean }) {
  if (!required) return <span class="u-muted"> (facultatif)</span>;
  if (isAlwaysFilled) return null;
  return (
    <span class="u-required">
      {"\u00a0"}
      <span aria-hidden="true">*</span>
      <span class="govuk-visually-hidden">(obligatoire)</span>
    </span>
  );
}

function Group(props: Common & { isAlwaysFilled?: boolean; children: ComponentChildren }) {
  const { form, name, label, hint, required, isAlwaysFilled, children } = props;
  const error = form.errors[name];
  return (
    <div class={`govuk-form-group${error ? " govuk-form-group--error" : ""}`}>
      <label class="govuk-label" for={idOf(name)}>
        {label}
        <Required required={required} isAlwaysFilled={isAlwaysFilled} />
      </label>
      {hint && (
        <div class="govuk-hint" id={`${idOf(name)}-aide`}>
          {hint}
        </div>
      )}
      <ErrorMessage name={name} error={error} />
      {children}
    </div>
  );
}

function ErrorMessage({ name, error }: { name: string; error: string | undefined }) {
  if (!error) return null;
  return (
    <p class="govuk-error-message" id={`${idOf(name)}-erreur`}>
      <span class="govuk-visually-hidden">Erreur : </span>
      {error}
    </p>
  );
}

export function TextInput(
  props: Common & {
    value?: string;
    type?: "text" | "email" | "tel" | "search" | "password";
    autocomplete?: string;
    inputmode?: "numeric" | "email" | "tel";
    maxlength?: number;
    width?: 5 | 10 | 20;
    spellcheck?: false;
    /** What the browser proposes while one types; anything else may be typed. */
    suggestions?: readonly Option[];
    /** What stands beside the field, on its line. */
    beside?: ComponentChildren;
  },
) {
  const { form, name, type = "text", required, width } = props;
  const error = form.errors[name];
  const input = (
    <>
      <input
        class={`govuk-input${width ? ` govuk-input--width-${width}` : ""}${error ? " govuk-input--error" : ""}`}
        id={idOf(name)}
        name={name}
        type={type as "text"}
        value={props.type === "password" ? "" : shownValue(form, name, props.value)}
        autocomplete={props.autocomplete as never}
        inputMode={props.inputmode}
        maxLength={props.maxlength}
        spellcheck={props.spellcheck}
        list={props.suggestions && `${idOf(name)}-propositions`}
        aria-describedby={describedBy(form, name, props.hint)}
        aria-invalid={error ? "true" : undefined}
        aria-required={required ? "true" : undefined}
      />
      {props.suggestions && (
        <datalist id={`${idOf(name)}-propositions`}>
          {props.suggestions.map((one) => (
            <option value={one.value} key={one.value}>
              {one.label}
            </option>
          ))}
        </datalist>
      )}
    </>
  );
  return (
    <Group {...props}>
      {props.beside ? (
        <div class="govuk-input__wrapper govuk-password-input__wrapper">
          {input}
          {props.beside}
        </div>
      ) : (
        input
      )}
    </Group>
  );
}

/** A date as a French person types it; what it means is the domain's to say. */
export function DateTimeInput(props: Common & { value?: string }) {
  return (
    <TextInput
      {...props}
      width={20}
      autocomplete="off"
      hint={props.hint ?? "Par exemple 10/03/2022 15:01:32. L'heure peut être omise."}
    />
  );
}

export function Textarea(props: Common & { value?: string; rows?: number; maxlength?: number }) {
  const { form, name } = props;
  const error = form.errors[name];
  return (
    <Group {...props}>
      <textarea
        class={`govuk-textarea${error ? " govuk-textarea--error" : ""}`}
        id={idOf(name)}
        name={name}
        rows={props.rows ?? 4}
        maxLength={props.maxlength}
        aria-describedby={describedBy(form, name, props.hint)}
        aria-invalid={error ? "true" : undefined}
        aria-required={props.required ? "true" : undefined}
      >
        {shownValue(form, name, props.value)}
      </textarea>
    </Group>
  );
}

/** A file to send; `accept` only helps to choose it. */
export function FileInput(props: Common & { accept: string }) {
  const { form, name } = props;
  const error = form.errors[name];
  return (
    <Group {...props}>
      <div class="u-file">
        <input
          class={`govuk-file-upload${error ? " govuk-file-upload--error" : ""}`}
          id={idOf(name)}
          name={name}
          type="file"
          accept={props.accept}
          aria-describedby={describedBy(form, name, props.hint)}
          aria-invalid={error ? "true" : undefined}
          aria-required={props.required ? "true" : undefined}
        />
      </div>
    </Group>
  );
}

export type Option = { readonly value: string; readonly label: string; readonly hint?: string };

export function Select(props: Common & { options: readonly Option[]; value?: string }) {
  const { form, name, options } = props;
  const error = form.errors[name];
  const chosen = shownValue(form, name, props.value);
  const isAlwaysFilled = options.every((option) => option.value !== "");
  return (
    <Group {...props} isAlwaysFilled={isAlwaysFilled}>
      <select
        class={`govuk-select${error ? " govuk-select--error" : ""}`}
        id={idOf(name)}
        name={name}
        aria-describedby={describedBy(form, name, props.hint)}
        aria-invalid={error ? "true" : undefined}
        aria-required={props.required && !isAlwaysFilled ? "true" : undefined}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === chosen}>
            {option.label}
          </option>
        ))}
      </select>
    </Group>
  );
}

/** A group of boxes or of radio buttons, with its legend. */
function Choices(
  props: Common & {
    options: readonly Option[];
    chosen: readonly string[];
    kind: "checkbox" | "radio";
    list?: boolean;
  },
) {
  const { form, name, label, hint, required, options, chosen, kind } = props;
  const error = form.errors[name];
  const block = kind === "radio" ? "radios" : "checkboxes";
  return (
    <div class={`govuk-form-group${error ? " govuk-form-group--error" : ""}`}>
      <fieldset class="govuk-fieldset" aria-describedby={describedBy(form, name, hint)}>
        <legend class="govuk-fieldset__legend">
          {label}
          <Required required={required} />
        </legend>
        {hint && (
          <div class="govuk-hint" id={`${idOf(name)}-aide`}>
            {hint}
          </div>
        )}
        <ErrorMessage name={name} error={error} />
        <div class={`govuk-${block} govuk-${block}--small${props.list ? " u-choice-list" : ""}`}>
          {options.map((option, index) => {
            const id = index === 0 ? idOf(name) : `${idOf(name)}-${index}`;
            return (
              <div class={`govuk-${block}__item`} key={option.value}>
                <input
                  class={`govuk-${block}__input`}
                  id={id}
                  name={name}
                  type={kind}
                  value={option.value}
                  checked={chosen.includes(option.value)}
                  aria-describedby={option.hint ? `${id}-precision` : undefined}
                  aria-invalid={error ? "true" : undefined}
                />
                <label class={`govuk-label govuk-${block}__label`} for={id}>
                  {option.label}
                </label>
                {option.hint && (
                  <div class={`govuk-hint govuk-${block}__hint`} id={`${id}-precision`}>
                    {option.hint}
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </fieldset>
    </div>
  );
}

export function Radios(props: Common & { options: readonly Option[]; value?: string }) {
  return <Choices {...props} kind="radio" chosen={[shownValue(props.form, props.name, props.value)]} />;
}

export function Checkboxes(
  props: Common & { options: readonly Option[]; value?: readonly string[]; list?: boolean },
) {
  const typed = props.form.values[props.name];
  const wasSent = Object.keys(props.form.values).length > 0;
  return <Choices {...props} kind="checkbox" chosen={wasSent ? [typed ?? []].flat() : (props.value ?? [])} />;
}

/** One box, « oui » or nothing. */
export function Checkbox(props: {
  form: FormState;
  name: string;
  label: ComponentChildren;
  hint?: string;
  checked?: boolean;
  required?: boolean;
}) {
  const { form, name, label, hint, required } = props;
  const error = form.errors[name];
  const wasSent = Object.keys(form.values).length > 0;
  return (
    <div class={`govuk-form-group${error ? " govuk-form-group--error" : ""}`}>
      <ErrorMessage name={name} error={error} />
      <div class="govuk-checkboxes govuk-checkboxes--small">
        <div class="govuk-checkboxes__item">
          <input
            class="govuk-checkboxes__input"
            id={idOf(name)}
            name={name}
            type="checkbox"
            value="oui"
            checked={wasSent ? form.values[name] === "oui" : props.checked}
            aria-describedby={describedBy(form, name, hint)}
            aria-invalid={error ? "true" : undefined}
            aria-required={required ? "true" : undefined}
          />
          <label class="govuk-label govuk-checkboxes__label" for={idOf(name)}>
            {label}
            {required && <Required required />}
          </label>
          {hint && (
            <div class="govuk-hint govuk-checkboxes__hint" id={`${idOf(name)}-aide`}>
              {hint}
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

/** Fields of one nature, under their common name, which may be for who listens only: a title already shows it. */
export function Fieldset(props: { legend: string; isTitled?: boolean; children: ComponentChildren }) {
  return (
    <fieldset class="govuk-fieldset">
      <legend class={props.isTitled ? "govuk-visually-hidden" : "govuk-fieldset__legend"}>
        {props.legend}
      </legend>
      {props.children}
    </fieldset>
  );
}

/** The box that chooses a row of a list; the row's name is its label, for who cannot see the row. */
export function RowBox({ name, value, label }: { name: string; value: string | number; label: string }) {
  const id = `${idOf(name)}-${value}`;
  return (
    <div class="govuk-checkboxes govuk-checkboxes--small">
      <div class="govuk-checkboxes__item">
        <input class="govuk-checkboxes__input" id={id} name={name} type="checkbox" value={value} />
        <label class="govuk-label govuk-checkboxes__label" for={id}>
          <span class="govuk-visually-hidden">{label}</span>
        </label>
      </div>
    </div>
  );
}

/** A choice in the row of a list; its label is for who cannot see the row. */
export function RowSelect({
  name,
  label,
  options,
  value,
}: {
  name: string;
  label: string;
  options: readonly Option[];
  value?: string;
}) {
  return (
    <>
      <label class="govuk-visually-hidden" for={idOf(name)}>
        {label}
      </label>
      <select class="govuk-select u-row-select" id={idOf(name)} name={name}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </>
  );
}

/** All that is wrong, on top of the form, each line leading to its field; one is brought there when the page opens. */
export function ErrorSummary({ form }: { form: FormState }) {
  const errors = Object.entries(form.errors);
  if (errors.length === 0) return null;
  return (
    <div class="govuk-error-summary" role="alert" tabIndex={-1} autofocus>
      <h2 class="govuk-error-summary__title">
        {errors.length > 1 ? "Points à corriger" : "Un point à corriger"}
      </h2>
      <div class="govuk-error-summary__body">
        <ul class="govuk-list govuk-error-summary__list">
          {errors.map(([name, error]) => (
            <li key={name}>
              <a href={`#${idOf(name)}`}>{error}</a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** What the asterisk means; the style sheet hides it from forms that bear none (RGAA 11.10). */
function RequiredLegend() {
  return (
    <p class="u-required-legend">
      Les champs marqués d'un astérisque <span class="u-required">*</span> sont obligatoires.
    </p>
  );
}

/** A form that changes something: it carries the token that proves where it comes from. */
export function Form(props: {
  token: string;
  action?: string;
  state?: FormState;
  wide?: boolean;
  inline?: boolean;
  /** One choice and its button, on a line. */
  bar?: boolean;
  /** The form carries files. */
  upload?: boolean;
  children: ComponentChildren;
}) {
  const shape = props.inline
    ? "u-inline-form"
    : props.bar
      ? "u-bulk"
      : props.wide
        ? undefined
        : "u-form--narrow";
  return (
    <form
      method="post"
      action={props.action}
      class={shape}
      enctype={props.upload ? "multipart/form-data" : undefined}
      novalidate
    >
      {props.state && <ErrorSummary form={props.state} />}
      {!props.inline && !props.bar && <RequiredLegend />}
      <input type="hidden" name="_jeton" value={props.token} />
      {props.children}
    </form>
  );
}

export const noForm: FormState = { values: {}, errors: {} };
