/** Code lists of life-cycle messages. */
import { type CodeList, codeList, frenchRules } from "../codelists/code-list.ts";

/** A list of the rules BR-FR-CDV, by the term of the message that holds its codes. */
const list = (name: string, codes: string): CodeList =>
  codeList({ ...frenchRules, name, rules: [], title: new RegExp(`${name}$`) }, codes);

/** MDT-2. */
export const businessProcesses = list("MDT-2", "REGULATED NON_REGULATED B2C B2CINT B2BINT OUTOFSCOPE");

/** The roles of those who may give a status in the phase of processing (UNTDID 3035). */
export const partyRoles = list("MDT-40, processing", "BY AB DL SE SR PE PR II IV");

/** The roles of those who may send a message in the phase of processing. */
export const senderRoles: ReadonlySet<string> = new Set([...partyRoles, "WK"]);

/** The roles of those who may receive a message: the state too. */
export const recipientRoles: ReadonlySet<string> = new Set([...senderRoles, "DFH"]);

/** MDT-88 (UNTDID 4405), by phase (MDT-77). */
export const documentStatusCodes = {
  305: list("MDT-88, phase 305", "10 51 43 8 48"),
  23: list("MDT-88, phase 23", "45 39 37 50 49 47 46 1 5"),
};

/** MDT-105 and 115. */
export const statusCodes = list(
  "MDT-105",
  "200 201 202 203 204 205 206 207 208 209 210 211 212 213 214 220 221 224 225 226 227 228 250 251 300 301 400 401 500 501 601",
);

/** The statuses that need a reason (MDT-113). */
export const reasonedStatuses = list("MDT-105, with a reason", "206 207 208 210 213 501");

const refusals =
  "TX_TVA_ERR MONTANTTOTAL_ERR CALCUL_ERR NON_CONFORME DOUBLON DEST_ERR TRANSAC_INC EMMET_INC CONTRAT_TERM DOUBLE_FACT CMD_ERR ADR_ERR REF_CT_ABSENT";
const orderErrors = "CMD_ERR SIRET_ERR CODE_ROUTAGE_ERR REF_CT_ABSENT REF_ERR";
const goodsErrors = "PU_ERR REM_ERR QTE_ERR ART_ERR MODPAI_ERR QUALITE_ERR LIVR_INCOMP";
const rejections = "REJ_SEMAN REJ_UNI REJ_COH REJ_ADR REJ_CONT_B2G REJ_REF_PJ REJ_ASS_PJ";
const inadmissible =
  "IRR_VIDE_F IRR_TYPE_F IRR_SYNTAX IRR_TAILLE_PJ IRR_NOM_PJ IRR_VID_PJ IRR_EXT_DOC IRR_TAILLE_F IRR_ANTIVIRUS IRR_NOM_F";

/** MDT-113, by status, where the status has its own list. */
export const reasonsByStatus: Readonly<Record<string, CodeList>> = {
  200: list("MDT-113, status 200", "NON_TRANSMISE"),
  206: list("MDT-113, status 206", `AUTRE ${orderErrors} ${goodsErrors}`),
  207: list(
    "MDT-113, status 207",
    `AUTRE COORD_BANC_ERR ${refusals} DEST_INC SIRET_ERR CODE_ROUTAGE_ERR REF_ERR ${goodsErrors}`,
  ),
  208: list("MDT-113, status 208", `JUSTIF_ABS COORD_BANC_ERR ${orderErrors}`),
  210: list("MDT-113, status 210", refusals),
  213: list("MDT-113, status 213", `MONTANTTOTAL_ERR CALCUL_ERR DOUBLON DEST_INC ADR_ERR ${rejections}`),
  221: list("MDT-113, status 221", "ROUTAGE_ERR"),
  501: list("MDT-113, status 501", inadmissible),
};

/** MDT-113 of a refusal (210) by a public buyer. */
export const publicRefusals = list(
  "MDT-113, refusals by public buyers",
  `RETRAIT_MAN_SERV ST_CT_NON_DECLAR SUPPR_COMP_AVOIR TRANSF_PMNT_REGIE AUTRE COORD_BANC_ERR ${refusals} LIVR_INCOMP`,
);

/** MDT-113, all statuses together. */
export const reasonCodes: ReadonlySet<string> = new Set([
  ...publicRefusals,
  ...Object.values(reasonsByStatus).flatMap((reasons) => [...reasons]),
  "CONTACT_ACHTR",
]);

/** MDT-121. */
export const actionCodes = list("MDT-121", "NOA PIN NIN CNF CNP CNA OTH");

/** MDT-207. */
export const characteristicCodes = list(
  "MDT-207",
  "MEN MPA RAP ESC RAB REM MAP MAPTTC MNA MNATTC CBB DIV DVA MAJ",
);
