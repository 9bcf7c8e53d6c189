/** A structure of which a person is an active main manager. */
export type ManagedStructure = {
  readonly structureId: number;
  readonly name: string;
  readonly isActive: boolean;
  /** Active main managers, the person included. */
  readonly activeManagers: number;
};

/**
 * MGR-03, ACC-09. The structures that keep a person from deactivating or closing her account: those still active that
 * she alone manages. She names another main manager, or deactivates the structure.
 */
export function heldAlone(managed: readonly ManagedStructure[]): readonly ManagedStructure[] {
  return managed.filter((one) => one.isActive && one.activeManagers <= 1);
}
