import type { Actor, DomainEvent } from "../../../platform/events.ts";

const sentences = {
  ProfileAdded: "a ajouté l'ensemble de droits",
  ProfileChanged: "a modifié l'ensemble de droits",
  ProfileRemoved: "a retiré l'ensemble de droits",
  ProfileMadeDefault: "a choisi, pour les nouveaux rattachements, l'ensemble de droits",
  ProfileRestored: "a rétabli l'ensemble de droits du portail",
} as const;

/** A change in the sets of rights of a structure. */
export function profileEvent(
  type: keyof typeof sentences,
  structureId: number,
  name: string,
  actor: Actor,
  more: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  return {
    type,
    structureId,
    actor,
    sentence: `${sentences[type]} « ${name} »`,
    object: { kind: "profile", id: null, label: name },
    ...more,
  };
}
