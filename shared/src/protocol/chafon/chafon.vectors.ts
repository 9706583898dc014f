/**
 * Known frames of Chafon readers, and what they mean. `origin` names where a frame was published:
 * - t18, t288, base: fixtures of wabson/chafon-rfid
 * - lit: command literals in klks/UHFReader and in the code of a library cabinet
 * - calc: built from the published layout
 */
export interface ChafonVector {
  readonly id: string;
  readonly direction: 'request' | 'reply';
  readonly hex: string;
  readonly origin: string;
  /** `bad` frames were published with a wrong check or length and must be refused. */
  readonly standing: 'good' | 'bad';
  readonly decoded: Readonly<Record<string, unknown>>;
}

const lines = `
rsp-info-288|reply|1100210000160c034e001e0a01000000e651|base|good|{"address":"00","command":"reader-info","status":"00","statusName":"ok","info":{"firmware":"0.22","type":"0C","protocols":"03","maxFreq":"4E","minFreq":"00","power":30,"scanTime":10,"rest":"01000000"},"model":288}
bad-crc-288|reply|1500010301010c0000000000000000000003136bb1a6|base|bad|{"model":288}
rsp-wrong-command-echo|reply|1500020301010c0000000000000000000003136b89a4|base|good|{"address":"00","command":"read","status":"03","statusName":"more-frames-follow","model":288}
rsp-inv18-1|reply|13000103010c0000000000000000000003133f39|t18|good|{"address":"00","command":"inventory","status":"03","statusName":"more-frames-follow","tags":[{"epc":"000000000000000000000313"}],"model":18}
rsp-inv18-2|reply|13000103010c49440000000000000a000334a5fb|t18|good|{"address":"00","command":"inventory","status":"03","statusName":"more-frames-follow","tags":[{"epc":"49440000000000000A000334"}],"model":18}
rsp-inv18-two-tags|reply|20000103020c0000000000000000000003130c0000000000000000000003149ac9|t18|good|{"address":"00","command":"inventory","status":"03","statusName":"more-frames-follow","tags":[{"epc":"000000000000000000000313"},{"epc":"000000000000000000000314"}],"model":18}
rsp-inv288-ant1|reply|1500010301010c0000000000000000000003136bb1a5|t288|good|{"address":"00","command":"inventory","status":"03","statusName":"more-frames-follow","tags":[{"antenna":1,"epc":"000000000000000000000313","rssiRaw":107}],"model":288}
rsp-inv288-sgtin|reply|1500010301010c3039606303c74380001a055940f93e|t288|good|{"address":"00","command":"inventory","status":"03","statusName":"more-frames-follow","tags":[{"antenna":1,"epc":"3039606303C74380001A0559","rssiRaw":64}],"model":288}
rsp-inv288-ant3|reply|1500010304010c49440000000000000a0003346425c0|t288|good|{"address":"00","command":"inventory","status":"03","statusName":"more-frames-follow","tags":[{"antenna":3,"epc":"49440000000000000A000334","rssiRaw":100}],"model":288}
rsp-inv288-4byte-epc|reply|0d000103010104003230386da3d2|t288|good|{"address":"00","command":"inventory","status":"03","statusName":"more-frames-follow","tags":[{"antenna":1,"epc":"00323038","rssiRaw":109}],"model":288}
rsp-inv288-none|reply|0700010101001e4b|t288|good|{"address":"00","command":"inventory","status":"01","statusName":"inventory-finished","tags":[],"model":288}
rsp-inv288-two-tags|reply|2300010301020c0000000000000000000003136b0c0000000000000000000003146c70f2|t288|good|{"address":"00","command":"inventory","status":"03","statusName":"more-frames-follow","tags":[{"antenna":1,"epc":"000000000000000000000313","rssiRaw":107},{"antenna":1,"epc":"000000000000000000000314","rssiRaw":108}],"model":288}
cmd-reader-info|request|04ff211995|lit|good|{"address":"FF","command":"reader-info"}
cmd-inventory18|request|04ff011bb4|lit|good|{"address":"FF","command":"inventory"}
cmd-set-power-30|request|05002f1e7234|lit|good|{"address":"00","command":"set-power","power":30}
cmd-set-address-0|request|050024002529|lit|good|{"address":"00","command":"set-address","data":"00"}
cmd-set-frequency|request|0600223180e196|lit|good|{"address":"00","command":"set-frequency","data":"3180"}
cmd-inventory288-short|request|090001010000800a76fc|lit|good|{"address":"00","command":"inventory","q":1,"session":0,"maskMem":0,"target":null,"antenna":null,"scanTime100ms":null}
calc-cmd-inventory288-defaults|request|0dff010f0001000000008014c03a|calc|good|{"address":"FF","command":"inventory","q":15,"session":0,"maskMem":1,"target":0,"antenna":"80","scanTime100ms":20,"model":288}
calc-cmd-set-power-27|request|05ff2f1b2ca5|calc|good|{"address":"FF","command":"set-power","power":27}
calc-cmd-scan-time-1s|request|05ff250a5459|calc|good|{"address":"FF","command":"set-scan-time","scanTime100ms":10}
calc-rsp-inv288-giai-ant1|reply|1500010301010c3474257bf40000000000162e50c7cb|calc|good|{"address":"00","command":"inventory","status":"03","statusName":"more-frames-follow","tags":[{"antenna":1,"epc":"3474257BF40000000000162E","rssiRaw":80}],"model":288}
calc-rsp-inv288-grai-ant4|reply|1500010308010c3374257bf40c0e400000162e4a190d|calc|good|{"address":"00","command":"inventory","status":"03","statusName":"more-frames-follow","tags":[{"antenna":4,"epc":"3374257BF40C0E400000162E","rssiRaw":74}],"model":288}
calc-rsp-antenna-error|reply|050001f8690f|calc|good|{"address":"00","command":"inventory","status":"F8","statusName":"antenna-error"}
calc-rsp-no-tag|reply|050001fbf23d|calc|good|{"address":"00","command":"inventory","status":"FB","statusName":"no-tag"}
calc-rsp-set-power-ok|reply|05002f008dcd|calc|good|{"address":"00","command":"set-power","status":"00","statusName":"ok"}
calc-rsp-param-error|reply|05002ffff5c2|calc|good|{"address":"00","command":"set-power","status":"FF","statusName":"parameter-error"}
`;

export const chafonVectors: readonly ChafonVector[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [id = '', direction, hex = '', origin = '', standing, ...decoded] = line.split('|');
    return {
      id,
      direction: direction === 'request' ? 'request' : 'reply',
      hex,
      origin,
      standing: standing === 'bad' ? 'bad' : 'good',
      decoded: JSON.parse(decoded.join('|')),
    };
  });
