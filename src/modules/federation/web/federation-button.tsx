import type { Context } from "../../../web/portal.ts";
import { Button, Form, Paragraph } from "../../../web/ui/index.ts";

export const FEDERATION_SIGN_IN_PATH = "/connexion/federation";
export const FEDERATION_SETTINGS_PATH = "/mon-compte/identite-federee";

/** « S'identifier avec … », where the settings name an identity provider. */
export function FederationButton({ ctx, next }: { ctx: Context; next: string }) {
  if (!ctx.config.OIDC_ISSUER) return null;
  return (
    <div class="u-other-way">
      <Form token={ctx.formToken} action={FEDERATION_SIGN_IN_PATH}>
        <input type="hidden" name="suite" value={next} />
        <Button kind="secondary">S'identifier avec {ctx.config.OIDC_LABEL}</Button>
      </Form>
      <Paragraph>
        Si vous avez déjà un compte, reliez-lui d'abord {ctx.config.OIDC_LABEL}, depuis « Mon compte ».
      </Paragraph>
    </div>
  );
}
