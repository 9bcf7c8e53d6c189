import { assetUrl } from "../../../web/assets.ts";
import type { PasskeyOptions } from "../use-cases/passkeys.ts";

/** The button that asks the browser for a passkey. Without script it does not show: the rest of the form suffices. */
export function PasskeyPart({
  act,
  label = act === "create" ? "Créer la clé d'accès" : "Utiliser ma clé d'accès",
  passkey,
}: {
  act: "create" | "get";
  label?: string;
  passkey: PasskeyOptions;
}) {
  return (
    <div data-passkey-part hidden>
      <input type="hidden" name="defi" value={passkey.sealed} />
      <input type="hidden" name="reponse" value="" />
      <button
        type="button"
        class="govuk-button govuk-button--secondary"
        data-passkey={act}
        data-options={JSON.stringify(passkey.options)}
      >
        {label}
      </button>
      <p class="govuk-error-message" role="alert" />
      <script type="module" src={assetUrl("passkey.js")} />
    </div>
  );
}
