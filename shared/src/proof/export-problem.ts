/** What can be wrong with an export. The codes are stable; the web and the command line have words for each. */
export const exportProblems = {
  malformed: 'a line of the file is not what an export holds',
  incomplete: 'the file ends too early or goes on after its end',
  out_of_order: 'an entry is missing, doubled or in the wrong place',
  entry_changed: 'the entry is not the one that was sealed',
  value_changed: 'a personal value is not the one that was sealed',
  foreign: 'the entry belongs to another customer',
  absent_unexplained: 'entries are gone that no receipt of retention accounts for',
  tile_differs: 'the entries of this tile are not those that were sealed',
  root_differs: 'the entries are not those that the checkpoint was signed over',
  checkpoint_unsigned: 'the checkpoint is not signed by a key of this log',
  cosignature_wrong: 'a cosignature of the checkpoint is wrong',
  earlier_checkpoint_unsigned: 'the checkpoint to compare with is not signed by a key of this log',
  earlier_checkpoint_differs: 'the trail is not the one of the checkpoint to compare with',
  cut_off: 'the checkpoint to compare with covers entries that the export does not have',
  not_comparable: 'the checkpoint to compare with ends among entries that are not in the file; take a whole export',
  chain_broken: 'the record of the cabinet does not follow from the one before it',
  stream_broken: 'the records of a cabinet are not in their order',
  custody_differs: 'the custody does not follow from the entries',
  custody_changed: 'the custody is not the one that was exported',
  export_unrecorded: 'the trail does not hold this export as it is',
} as const;
export type ExportProblemCode = keyof typeof exportProblems;

export interface ExportProblem {
  readonly code: ExportProblemCode;
  /** The entry that it is about; null when it is about none. */
  readonly index: number | null;
  /** More about it for a person who looks into it: a field, a cabinet, an asset. */
  readonly detail: string;
}
