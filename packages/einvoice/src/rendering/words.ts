/** French words of the codes, for people; an unknown code is shown as it is. */

/** UNTDID 1001, for BT-3: those of French invoicing (XP Z12-012, BR-FR-04) and other common ones. */
export const typeNames: ReadonlyMap<string, string> = new Map([
  ["261", "Avoir (autofacturation)"],
  ["262", "Avoir de remise globale"],
  ["325", "Facture pro forma"],
  ["326", "Facture partielle"],
  ["380", "Facture"],
  ["381", "Avoir"],
  ["384", "Facture rectificative"],
  ["386", "Facture d'acompte"],
  ["389", "Facture (autofacturation)"],
  ["393", "Facture affacturée"],
  ["396", "Avoir affacturé"],
  ["471", "Facture rectificative (autofacturation)"],
  ["472", "Facture rectificative affacturée"],
  ["473", "Facture rectificative affacturée (autofacturation)"],
  ["500", "Facture d'acompte (autofacturation)"],
  ["501", "Facture affacturée (autofacturation)"],
  ["502", "Avoir affacturé (autofacturation)"],
  ["503", "Avoir sur acompte"],
  ["751", "Facture pour comptabilisation"],
]);

/** UNTDID 4451, for BT-21, with the legal ground of the mention where there is one. */
export const noteNames: ReadonlyMap<string, string> = new Map([
  ["AAB", "Escompte pour paiement anticipé (code de commerce, art. L441-9)"],
  ["AAI", "Information générale"],
  ["AAK", "Conditions de prix"],
  ["ABL", "Mentions légales du vendeur (code de commerce, art. R123-237)"],
  ["ACC", "Affacturage et subrogation"],
  ["BAR", "Traitement de la facture"],
  ["BLU", "Éco-participation (code de l'environnement, art. L541-10-20)"],
  ["CUS", "Information douanière"],
  ["DCL", "Déclaration du vendeur"],
  ["GEN", "Information générale"],
  ["INV", "Instruction de facturation"],
  ["PMD", "Pénalités de retard (code de commerce, art. L441-10)"],
  ["PMT", "Indemnité forfaitaire pour frais de recouvrement (code de commerce, art. L441-10 et D441-5)"],
  ["PUR", "Information d'achat"],
  ["REG", "Mentions réglementaires du vendeur (code de commerce, art. R123-237)"],
  ["SUR", "Remarque du vendeur"],
  ["TXD", "Régime de TVA (code général des impôts, dont art. 256 C pour l'assujetti unique)"],
]);

/** UNTDID 5305, for BT-95, 102, 118 and 151. */
export const vatCategoryNames: ReadonlyMap<string, string> = new Map([
  ["S", "Taux normal ou réduit"],
  ["Z", "Taux zéro"],
  ["E", "Exonéré de TVA"],
  ["AE", "Autoliquidation"],
  ["K", "Livraison intracommunautaire exonérée"],
  ["G", "Exportation hors de l'Union européenne"],
  ["O", "Hors champ de la TVA"],
  ["L", "IGIC (Canaries)"],
  ["M", "IPSI (Ceuta et Melilla)"],
  ["B", "TVA transférée (Italie)"],
]);

/** UNTDID 4461, for BT-81. */
export const paymentMeansNames: ReadonlyMap<string, string> = new Map([
  ["10", "Espèces"],
  ["20", "Chèque"],
  ["30", "Virement"],
  ["31", "Virement"],
  ["42", "Virement sur compte bancaire"],
  ["48", "Carte bancaire"],
  ["49", "Prélèvement"],
  ["54", "Carte de crédit"],
  ["55", "Carte de débit"],
  ["57", "Accord permanent"],
  ["58", "Virement SEPA"],
  ["59", "Prélèvement SEPA"],
  ["68", "Paiement en ligne"],
  ["97", "Compensation entre partenaires"],
]);

/** UN/ECE recommendations 20 and 21, for BT-130 and 150: the commonest. */
export const unitNames: ReadonlyMap<string, string> = new Map([
  ["C62", "unité"],
  ["DAY", "jour"],
  ["EA", "unité"],
  ["GRM", "g"],
  ["H87", "pièce"],
  ["HUR", "h"],
  ["KGM", "kg"],
  ["KMT", "km"],
  ["KWH", "kWh"],
  ["LM", "m linéaire"],
  ["LS", "forfait"],
  ["LTR", "l"],
  ["MIN", "min"],
  ["MON", "mois"],
  ["MTK", "m²"],
  ["MTQ", "m³"],
  ["MTR", "m"],
  ["MWH", "MWh"],
  ["P1", "%"],
  ["PR", "paire"],
  ["SET", "lot"],
  ["TNE", "t"],
  ["WEE", "semaine"],
  ["XBX", "boîte"],
  ["XPP", "pièce"],
  ["ANN", "an"],
]);

/** Units that take an s from two on. */
export const countedUnits: ReadonlySet<string> = new Set(
  "unité jour pièce forfait paire lot semaine boîte an".split(" "),
);

/** ISO 6523 and the electronic address schemes: those that a French reader meets. */
export const schemeNames: ReadonlyMap<string, string> = new Map([
  ["0002", "SIREN"],
  ["0009", "SIRET"],
  ["0060", "DUNS"],
  ["0088", "GLN"],
  ["0160", "GTIN"],
  ["0223", "TVA intracommunautaire"],
  ["0224", "Code routage"],
  ["0225", "Annuaire de facturation"],
  ["0226", "Particulier"],
  ["0227", "Hors Union européenne"],
  ["0228", "RIDET"],
  ["0229", "TAHITI"],
  ["0231", "Groupe TVA"],
  ["EM", "Courriel"],
]);

/** UNTDID 2005 and 2475, for BT-8. */
export const taxPointNames: ReadonlyMap<string, string> = new Map([
  ["3", "Date de la facture"],
  ["5", "Date de la facture"],
  ["29", "Date de livraison"],
  ["35", "Date de livraison"],
  ["72", "Date de paiement"],
  ["432", "Date de paiement"],
]);
