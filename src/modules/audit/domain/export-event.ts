import type { Actor, DomainEvent } from "../../../platform/events.ts";

/** Somebody took data of a structure away as a file. `what` completes « a exporté ». */
export function exportEvent(structureId: number, what: string, actor: Actor): DomainEvent {
  return {
    type: "DataExported",
    structureId,
    actor,
    sentence: `a exporté ${what}`,
    object: { kind: "export", id: null, label: what },
  };
}
