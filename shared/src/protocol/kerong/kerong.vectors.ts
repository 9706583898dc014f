/**
 * Known frames of Kerong boards, and what they mean. `origin` names where a frame was published:
 * - cu16: suryavirkapur/kerong-lib README and src/kerong_client.cpp; julio-alv/lkaas-kerong src/kerong; a locker app in Kotlin
 * - cu48: AshurkovAV/KerongConsole, its text file of codes
 * - bug: wrong checksums that a locker app shipped
 * - calc: built from the published layout
 */
export interface KerongVector {
  readonly id: string;
  readonly model: 'cu16' | 'cu48';
  readonly origin: string;
  readonly hex: string;
  /** Null when the frame must be refused. */
  readonly decoded: {
    readonly board: number;
    readonly lock: number;
    readonly command: number;
    /** Numbers of the locks and infrared inputs whose bit is set; null for a frame without a status. */
    readonly locksSet: readonly number[] | null;
    readonly infraredSet: readonly number[] | null;
  } | null;
}

const lines = `
cu16-get-status|cu16|cu16|0200300335|0|0|30|-|-
cu16-get-status-2|cu16|cu16|0210300345|1|0|30|-|-
cu16-unlock|cu16|cu16|0200310336|0|0|31|-|-
cu16-unlock-2|cu16|cu16|020f310345|0|15|31|-|-
cu16-unlock-3|cu16|cu16|0210310346|1|0|31|-|-
cu16-get-all-status|cu16|cu16|02f0320327|15|0|32|-|-
cu16-status-reply|cu16|cu16|02003600000000033b|0|0|36||
cu16-status-reply-2|cu16|cu16|02103600000000034b|1|0|36||
cu48-get-status|cu48|cu48|020000600365|0|0|60|-|-
cu48-status-reply|cu48|cu48|02000075000000000000000000000000037a|0|0|75||
cu48-status-reply-2|cu48|cu48|02000075100000000000000000000000038a|0|0|75|4|
cu48-status-reply-3|cu48|cu48|02000075010000000000010000000000037c|0|0|75|0|0
cu48-status-reply-4|cu48|cu48|02000075000000000000010000000000037b|0|0|75||0
cu48-status-reply-5|cu48|cu48|02000a770100000000000100000000000388|0|10|77|0|0
cu48-unlock|cu48|cu48|020000610366|0|0|61|-|-
cu48-unlock-2|cu48|cu48|020001610367|0|1|61|-|-
cu48-unlock-3|cu48|cu48|020002610368|0|2|61|-|-
cu48-unlock-4|cu48|cu48|020003610369|0|3|61|-|-
cu48-unlock-5|cu48|cu48|02000461036a|0|4|61|-|-
cu48-status-reply-6|cu48|cu48|02000075020000000000000000000000037c|0|0|75|1|
cu48-status-reply-7|cu48|cu48|02000075040000000000000000000000037e|0|0|75|2|
cu48-status-reply-8|cu48|cu48|020000750800000000000000000000000382|0|0|75|3|
cu48-status-reply-9|cu48|cu48|02000075002000000000000000000000039a|0|0|75|13|
bad-checksum|cu16|bug|021030033e|bad
bad-checksum-2|cu16|bug|020f310349|bad
cu48-get-all-status|cu48|cu48|020000320337|0|0|32|-|-
calc-cu16-unlock-board0-lock1|cu16|calc|0201310337|0|1|31|-|-
calc-cu16-unlock-board0-lock2|cu16|calc|0202310338|0|2|31|-|-
calc-cu16-unlock-board0-lock3|cu16|calc|0203310339|0|3|31|-|-
calc-cu16-unlock-board0-lock4|cu16|calc|020431033a|0|4|31|-|-
calc-cu16-unlock-board0-lock5|cu16|calc|020531033b|0|5|31|-|-
calc-cu16-unlock-board0-lock6|cu16|calc|020631033c|0|6|31|-|-
calc-cu16-unlock-board0-lock7|cu16|calc|020731033d|0|7|31|-|-
calc-cu16-unlock-board0-lock8|cu16|calc|020831033e|0|8|31|-|-
calc-cu16-unlock-board0-lock9|cu16|calc|020931033f|0|9|31|-|-
calc-cu16-unlock-board0-lock10|cu16|calc|020a310340|0|10|31|-|-
calc-cu16-unlock-board0-lock11|cu16|calc|020b310341|0|11|31|-|-
calc-cu16-unlock-board0-lock12|cu16|calc|020c310342|0|12|31|-|-
calc-cu16-unlock-board0-lock13|cu16|calc|020d310343|0|13|31|-|-
calc-cu16-unlock-board0-lock14|cu16|calc|020e310344|0|14|31|-|-
calc-cu16-status-all-set|cu16|calc|020035ffff00000338|0|0|35|0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15|
calc-cu16-status-lock0-clear|cu16|calc|020035feff01000338|0|0|35|1,2,3,4,5,6,7,8,9,10,11,12,13,14,15|0
calc-cu16-status-board1-lock15-clear|cu16|calc|021035ff7f00800348|1|0|35|0,1,2,3,4,5,6,7,8,9,10,11,12,13,14|15
`;

const numbers = (text = '-'): readonly number[] | null =>
  text === '-'
    ? null
    : text
        .split(',')
        .filter((part) => part !== '')
        .map(Number);

export const kerongVectors: readonly KerongVector[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [id = '', model = '', origin = '', hex = '', board = 'bad', lock, command = '', locks, infrared] =
      line.split('|');
    const decoded =
      board === 'bad'
        ? null
        : {
            board: Number(board),
            lock: Number(lock),
            command: Number.parseInt(command, 16),
            locksSet: numbers(locks),
            infraredSet: numbers(infrared),
          };
    return { id, model: model === 'cu48' ? 'cu48' : 'cu16', origin, hex, decoded };
  });
