/**
 * Known frames of M100 modules, and what they mean. `origin` names where a frame was published:
 * - quick, v21, cmd: the maker's quick reference, protocol manual 2.1 and command table, in anteploon/yrm100lib
 * - calc: built from the published layout
 */
export interface M100Vector {
  readonly id: string;
  readonly direction: 'request' | 'reply';
  readonly hex: string;
  readonly origin: string;
  /** `bad` frames were published with a wrong check or length and must be refused. */
  readonly standing: 'good' | 'bad';
  readonly decoded: Readonly<Record<string, unknown>>;
}

const lines = `
cmd-single-inventory|request|bb00220000227e|quick+v21+cmd|good|{"type":"command","command":"single-inventory","paramLen":0}
notice-single-inventory|reply|bb02220011d53000e20010710000529b0940b402eb980c7e|quick|good|{"type":"notice","command":"single-inventory","paramLen":17,"rssiDbm":-43,"pc":"3000","epc":"E20010710000529B0940B402","epcCrc":"EB98","epcCrcValid":true}
rsp-error|reply|bb01ff000115167e|quick+v21|good|{"type":"response","command":"error","paramLen":1,"errorCode":"15","error":"inventory-no-tag"}
cmd-multi-inventory|request|bb0027000322ffff4a7e|quick|good|{"type":"command","command":"multi-inventory","paramLen":3,"count":65535}
notice-single-inventory-2|reply|bb02220011c83400e20010710000529b0940b402163dd37e|quick|good|{"type":"notice","command":"single-inventory","paramLen":17,"rssiDbm":-56,"pc":"3400","epc":"E20010710000529B0940B402","epcCrc":"163D","epcCrcValid":true}
notice-single-inventory-3|reply|bb02220011c93400e20010710000529b0940b402163dd47e|quick|good|{"type":"notice","command":"single-inventory","paramLen":17,"rssiDbm":-55,"pc":"3400","epc":"E20010710000529B0940B402","epcCrc":"163D","epcCrcValid":true}
notice-single-inventory-4|reply|bb02220011c03400e20010710000529b0940b402163dcb7e|quick|good|{"type":"notice","command":"single-inventory","paramLen":17,"rssiDbm":-64,"pc":"3400","epc":"E20010710000529B0940B402","epcCrc":"163D","epcCrcValid":true}
cmd-stop-multi-inventory|request|bb00280000287e|quick+v21+cmd|good|{"type":"command","command":"stop-multi-inventory","paramLen":0}
rsp-stop-multi-inventory|reply|bb01280001002a7e|quick+v21|good|{"type":"response","command":"stop-multi-inventory","paramLen":1,"params":"00"}
cmd-set-select|request|bb000c000723000000006000967e|quick|good|{"type":"command","command":"set-select","paramLen":7,"params":"23000000006000"}
cmd-set-select-2|request|bb000c001323000000006000e2000016551102060390eaaf347e|quick|good|{"type":"command","command":"set-select","paramLen":19,"params":"23000000006000E2000016551102060390EAAF"}
rsp-set-select|reply|bb010c0001000e7e|quick+v21|good|{"type":"response","command":"set-select","paramLen":1,"params":"00"}
cmd-write-memory|request|bb004900110000000003000000040102030405060708857e|quick|good|{"type":"command","command":"write-memory","paramLen":17,"params":"0000000003000000040102030405060708"}
rsp-write-memory|reply|bb014900100e3400e2000016551102060390eaaf002e7e|quick|good|{"type":"response","command":"write-memory","paramLen":16,"pc":"3400","epc":"E2000016551102060390EAAF","result":0}
rsp-error-2|reply|bb01ff0010100e3400e2000016551102060390eaaff47e|quick|good|{"type":"response","command":"error","paramLen":16,"errorCode":"10","error":"write-failed-no-tag","pc":"3400","epc":"E2000016551102060390EAAF"}
cmd-read-memory|request|bb00390009000000000300000004497e|quick|good|{"type":"command","command":"read-memory","paramLen":9,"params":"000000000300000004"}
rsp-read-memory|reply|bb013900170e3400e2000016551102060390eaaf0102030405060708497e|quick|good|{"type":"response","command":"read-memory","paramLen":23,"pc":"3400","epc":"E2000016551102060390EAAF","data":"0102030405060708"}
rsp-error-3|reply|bb01ff0010090e3400e20010710000529b0940b402aa7e|quick|good|{"type":"response","command":"error","paramLen":16,"errorCode":"09","error":"read-failed-no-tag","pc":"3400","epc":"E20010710000529B0940B402"}
cmd-set-power|request|bb00b6000204e29e7e|quick|good|{"type":"command","command":"set-power","paramLen":2,"powerCentiDbm":1250}
cmd-set-power-2|request|bb00b600020578357e|quick|good|{"type":"command","command":"set-power","paramLen":2,"powerCentiDbm":1400}
cmd-set-power-3|request|bb00b60002060ecc7e|quick|good|{"type":"command","command":"set-power","paramLen":2,"powerCentiDbm":1550}
cmd-set-power-4|request|bb00b6000206a4627e|quick|good|{"type":"command","command":"set-power","paramLen":2,"powerCentiDbm":1700}
cmd-set-power-5|request|bb00b60002073af97e|quick|good|{"type":"command","command":"set-power","paramLen":2,"powerCentiDbm":1850}
cmd-set-power-6|request|bb00b6000207d08f7e|quick+v21+cmd|good|{"type":"command","command":"set-power","paramLen":2,"powerCentiDbm":2000}
rsp-set-power|reply|bb01b6000100b87e|quick+v21|good|{"type":"response","command":"set-power","paramLen":1,"params":"00"}
cmd-set-region|request|bb0007000101097e|quick+v21+cmd|good|{"type":"command","command":"set-region","paramLen":1,"region":"CN 920-925"}
cmd-set-region-2|request|bb00070001040c7e|quick|good|{"type":"command","command":"set-region","paramLen":1,"region":"CN 840-845"}
cmd-set-region-3|request|bb00070001020a7e|quick|good|{"type":"command","command":"set-region","paramLen":1,"region":"US 902-928"}
cmd-set-region-4|request|bb00070001030b7e|quick|good|{"type":"command","command":"set-region","paramLen":1,"region":"EU 865-868"}
cmd-set-region-5|request|bb00070001060e7e|quick|good|{"type":"command","command":"set-region","paramLen":1,"region":"KR 917-923"}
rsp-set-region|reply|bb0107000100097e|quick+v21|good|{"type":"response","command":"set-region","paramLen":1,"params":"00"}
cmd-set-channel|request|bb00ab000100ac7e|quick|good|{"type":"command","command":"set-channel","paramLen":1,"params":"00"}
rsp-set-channel|reply|bb01ab000100ad7e|quick+v21|good|{"type":"response","command":"set-channel","paramLen":1,"params":"00"}
cmd-get-module-info|request|bb0003000100047e|v21+cmd|good|{"type":"command","command":"get-module-info","paramLen":1,"params":"00"}
rsp-get-module-info|reply|bb01030010004d31303020323664426d2056312e30227e|v21|bad|{}
notice-single-inventory-5|reply|bb02220011c9340030751feb705c5904e3d50d703a76ef7e|v21|good|{"type":"notice","command":"single-inventory","paramLen":17,"rssiDbm":-55,"pc":"3400","epc":"30751FEB705C5904E3D50D70","epcCrc":"3A76","epcCrcValid":true}
cmd-multi-inventory-2|request|bb00270003222710837e|v21+cmd|good|{"type":"command","command":"multi-inventory","paramLen":3,"count":10000}
cmd-set-select-3|request|bb000c00130100000020600030751feb705c5904e3d50d70ad7e|v21+cmd|good|{"type":"command","command":"set-select","paramLen":19,"params":"0100000020600030751FEB705C5904E3D50D70"}
cmd-set-select-mode|request|bb0012000101147e|v21+cmd|good|{"type":"command","command":"set-select-mode","paramLen":1,"params":"01"}
cmd-read-memory-2|request|bb003900090000ffff0300000002457e|v21+cmd|good|{"type":"command","command":"read-memory","paramLen":9,"params":"0000FFFF0300000002"}
rsp-read-memory-2|reply|bb013900130e340030751feb705c5904e3d50d7012345678b07e|v21|good|{"type":"response","command":"read-memory","paramLen":19,"pc":"3400","epc":"30751FEB705C5904E3D50D70","data":"12345678"}
rsp-error-4|reply|bb01ff0001090a7e|v21|good|{"type":"response","command":"error","paramLen":1,"errorCode":"09","error":"read-failed-no-tag"}
rsp-error-5|reply|bb01ff0010160e340030751feb705c5904e3d50d70757e|v21|good|{"type":"response","command":"error","paramLen":16,"errorCode":"16","error":"access-denied","pc":"3400","epc":"30751FEB705C5904E3D50D70"}
rsp-error-6|reply|bb01ff0010a30e340030751feb705c5904e3d50d70027e|v21|good|{"type":"response","command":"error","paramLen":16,"errorCode":"A3","error":"gen2-read","pc":"3400","epc":"30751FEB705C5904E3D50D70"}
cmd-write-memory-2|request|bb0049000d0000ffff0300000002123456786d7e|v21+cmd|good|{"type":"command","command":"write-memory","paramLen":13,"params":"0000FFFF030000000212345678"}
rsp-write-memory-2|reply|bb014900100e340030751feb705c5904e3d50d7000a97e|v21|good|{"type":"response","command":"write-memory","paramLen":16,"pc":"3400","epc":"30751FEB705C5904E3D50D70","result":0}
rsp-error-7|reply|bb01ff0001100a7e|v21|bad|{}
rsp-error-8|reply|bb01ff0010b30e340030751feb705c5904e3d50d70127e|v21|good|{"type":"response","command":"error","paramLen":16,"errorCode":"B3","error":"gen2-write","pc":"3400","epc":"30751FEB705C5904E3D50D70"}
cmd-lock|request|bb008200070000ffff020080097e|v21+cmd|good|{"type":"command","command":"lock","paramLen":7,"params":"0000FFFF020080"}
rsp-lock|reply|bb018200100e340030751feb705c5904e3d50d7000e27e|v21|good|{"type":"response","command":"lock","paramLen":16,"pc":"3400","epc":"30751FEB705C5904E3D50D70","result":0}
rsp-error-9|reply|bb01ff000113147e|v21|good|{"type":"response","command":"error","paramLen":1,"errorCode":"13","error":"lock-failed-no-tag"}
rsp-error-10|reply|bb01ff0010c40e340030751feb705c5904e3d50d70237e|v21|good|{"type":"response","command":"error","paramLen":16,"errorCode":"C4","error":"gen2-lock","pc":"3400","epc":"30751FEB705C5904E3D50D70"}
cmd-kill|request|bb006500040000ffff677e|v21|good|{"type":"command","command":"kill","paramLen":4,"params":"0000FFFF"}
rsp-kill|reply|bb016500100e340030751feb705c5904e3d50d7000c57e|v21|good|{"type":"response","command":"kill","paramLen":16,"pc":"3400","epc":"30751FEB705C5904E3D50D70","result":0}
rsp-error-11|reply|bb01ff000112137e|v21|good|{"type":"response","command":"error","paramLen":1,"errorCode":"12","error":"kill-failed-no-tag"}
rsp-error-12|reply|bb01ff0010d00e340030751feb705c5904e3d50d702f7e|v21|good|{"type":"response","command":"error","paramLen":16,"errorCode":"D0","error":"gen2-kill","pc":"3400","epc":"30751FEB705C5904E3D50D70"}
cmd-get-query|request|bb000d00000d7e|v21|good|{"type":"command","command":"get-query","paramLen":0}
rsp-get-query|reply|bb010d00021020407e|v21|good|{"type":"response","command":"get-query","paramLen":2,"query":"1020","session":0,"target":"A","q":4,"sel":0,"trext":1,"m":0,"dr":0}
cmd-set-query|request|bb000e00021020407e|v21+cmd|good|{"type":"command","command":"set-query","paramLen":2,"query":"1020","session":0,"target":"A","q":4,"sel":0,"trext":1,"m":0,"dr":0}
rsp-set-query|reply|bb010e000100107e|v21|good|{"type":"response","command":"set-query","paramLen":1,"params":"00"}
cmd-get-region|request|bb00080000087e|v21+cmd|good|{"type":"command","command":"get-region","paramLen":0}
rsp-get-region|reply|bb01080001010b7e|v21|good|{"type":"response","command":"get-region","paramLen":1,"region":"CN 920-925"}
cmd-set-channel-2|request|bb00ab000101ac7e|v21|bad|{}
cmd-get-channel|request|bb00aa0000aa7e|v21+cmd|good|{"type":"command","command":"get-channel","paramLen":0}
rsp-get-channel|reply|bb01aa000100ac7e|v21|good|{"type":"response","command":"get-channel","paramLen":1,"params":"00"}
cmd-frequency-hopping|request|bb00ad0001ffad7e|v21+cmd|good|{"type":"command","command":"frequency-hopping","paramLen":1,"params":"FF"}
rsp-frequency-hopping|reply|bb01ad000100af7e|v21|good|{"type":"response","command":"frequency-hopping","paramLen":1,"params":"00"}
cmd-get-power|request|bb00b70000b77e|v21+cmd|good|{"type":"command","command":"get-power","paramLen":0}
rsp-get-power|reply|bb01b7000207d0917e|v21|good|{"type":"response","command":"get-power","paramLen":2,"powerCentiDbm":2000}
cmd-continuous-wave|request|bb00b00001ffb07e|v21+cmd|good|{"type":"command","command":"continuous-wave","paramLen":1,"params":"FF"}
rsp-continuous-wave|reply|bb01b0000100b27e|v21|good|{"type":"response","command":"continuous-wave","paramLen":1,"params":"00"}
cmd-get-modem|request|bb00f10000f17e|v21+cmd|good|{"type":"command","command":"get-modem","paramLen":0}
rsp-get-modem|reply|bb01f10004030601b0b07e|v21|good|{"type":"response","command":"get-modem","paramLen":4,"params":"030601B0"}
cmd-set-modem|request|bb00f00004030601b0ae7e|v21+cmd|good|{"type":"command","command":"set-modem","paramLen":4,"params":"030601B0"}
rsp-set-modem|reply|bb01f0000100f27e|v21|good|{"type":"response","command":"set-modem","paramLen":1,"params":"00"}
cmd-scan-jammer|request|bb00f20000f27e|v21+cmd|good|{"type":"command","command":"scan-jammer","paramLen":0}
rsp-scan-jammer|reply|bb01f200160013f2f1f0efeceae8eaeceef0f1f5f5f5f6f5f5f5f5dd7e|v21|bad|{}
cmd-scan-rssi|request|bb00f30000f37e|v21+cmd|good|{"type":"command","command":"scan-rssi","paramLen":0}
rsp-scan-rssi|reply|bb01f300160013babababababababababababababababababababaa57e|v21|good|{"type":"response","command":"scan-rssi","paramLen":22,"params":"0013BABABABABABABABABABABABABABABABABABABABA"}
rsp-gpio|reply|bb011a0003000401227e|v21|bad|{}
rsp-gpio-2|reply|bb011a0003000401237e|v21|good|{"type":"response","command":"gpio","paramLen":3,"params":"000401"}
cmd-sleep|request|bb00170000177e|v21+cmd|good|{"type":"command","command":"sleep","paramLen":0}
rsp-sleep|reply|bb0117000100197e|v21|good|{"type":"response","command":"sleep","paramLen":1,"params":"00"}
cmd-set-idle-time|request|bb001d000102207e|v21+cmd|good|{"type":"command","command":"set-idle-time","paramLen":1,"params":"02"}
rsp-set-idle-time|reply|bb011d000102217e|v21|good|{"type":"response","command":"set-idle-time","paramLen":1,"params":"02"}
cmd-nxp-read-protect|request|bb00e100050000ffff00e47e|v21+cmd|good|{"type":"command","command":"nxp-read-protect","paramLen":5,"params":"0000FFFF00"}
rsp-nxp-read-protect|reply|bb01e100100e300030751feb705c5904e3d50d70003d7e|v21|good|{"type":"response","command":"nxp-read-protect","paramLen":16,"params":"0E300030751FEB705C5904E3D50D7000"}
rsp-e2|reply|bb01e200100e300030751feb705c5904e3d50d70003e7e|v21|good|{"type":"response","command":"E2","paramLen":16,"params":"0E300030751FEB705C5904E3D50D7000"}
rsp-error-13|reply|bb01ff00012a2b7e|v21|good|{"type":"response","command":"error","paramLen":1,"errorCode":"2A","error":"other"}
rsp-error-14|reply|bb01ff00012b2c7e|v21|good|{"type":"response","command":"error","paramLen":1,"errorCode":"2B","error":"other"}
cmd-nxp-change-eas|request|bb00e300050000ffff01e77e|v21+cmd|good|{"type":"command","command":"nxp-change-eas","paramLen":5,"params":"0000FFFF01"}
rsp-nxp-change-eas|reply|bb01e300100e300030751feb705c5904e3d50d70003f7e|v21|good|{"type":"response","command":"nxp-change-eas","paramLen":16,"params":"0E300030751FEB705C5904E3D50D7000"}
rsp-error-15|reply|bb01ff00011b1c7e|v21|good|{"type":"response","command":"error","paramLen":1,"errorCode":"1B","error":"other"}
cmd-nxp-eas-alarm|request|bb00e40000e47e|v21+cmd|good|{"type":"command","command":"nxp-eas-alarm","paramLen":0}
rsp-error-16|reply|bb01ff00011d1e7e|v21|good|{"type":"response","command":"error","paramLen":1,"errorCode":"1D","error":"other"}
cmd-nxp-change-config|request|bb00e000060000ffff0000e47e|v21+cmd|good|{"type":"command","command":"nxp-change-config","paramLen":6,"params":"0000FFFF0000"}
rsp-nxp-change-config|reply|bb01e000110e300030751feb705c5904e3d50d7000417e7e|v21|good|{"type":"response","command":"nxp-change-config","paramLen":17,"params":"0E300030751FEB705C5904E3D50D700041"}
rsp-error-17|reply|bb01ff00011a1b7e|v21|good|{"type":"response","command":"error","paramLen":1,"errorCode":"1A","error":"other"}
cmd-monza-qt|request|bb00e500080000ffff010140002d7e|v21+cmd|good|{"type":"command","command":"monza-qt","paramLen":8,"params":"0000FFFF01014000"}
rsp-monza-qt|reply|bb01e500110e300030751feb705c5904e3d50d700000427e|v21|good|{"type":"response","command":"monza-qt","paramLen":17,"params":"0E300030751FEB705C5904E3D50D700000"}
rsp-e6|reply|bb01e600100e300030751feb705c5904e3d50d7000427e|v21|good|{"type":"response","command":"E6","paramLen":16,"params":"0E300030751FEB705C5904E3D50D7000"}
rsp-error-18|reply|bb01ff00012e2f7e|v21|good|{"type":"response","command":"error","paramLen":1,"errorCode":"2E","error":"other"}
cmd-get-select|request|bb000b00000b7e|cmd|good|{"type":"command","command":"get-select","paramLen":0}
cmd-kill-2|request|bb006500040000ff70677e|cmd|bad|{}
cmd-set-baud|request|bb0011000200c0d37e|cmd|good|{"type":"command","command":"set-baud","paramLen":2,"params":"00C0"}
cmd-get-query-2|request|bb000d000d7e|cmd|bad|{}
cmd-set-channel-3|request|bb00ab000101ad7e|cmd|good|{"type":"command","command":"set-channel","paramLen":1,"params":"01"}
cmd-insert-channel|request|bb00a90006050102030405c37e|cmd|good|{"type":"command","command":"insert-channel","paramLen":6,"params":"050102030405"}
cmd-gpio|request|bb001a0003000401227e|cmd|good|{"type":"command","command":"gpio","paramLen":3,"params":"000401"}
cmd-idle-mode|request|bb000400030101030c7e|cmd|good|{"type":"command","command":"idle-mode","paramLen":3,"params":"010103"}
cmd-nxp-read-protect-2|request|bb00e100050000ffff01e57e|cmd|good|{"type":"command","command":"nxp-read-protect","paramLen":5,"params":"0000FFFF01"}
cmd-block-permalock|request|bb00d3000b0000ffff01030000010700e87e|cmd|good|{"type":"command","command":"block-permalock","paramLen":11,"params":"0000FFFF01030000010700"}
calc-notice-tag-1|reply|bb02220011cc30003474257bf40000000000162ec9d8527e|calc|good|{"type":"notice","command":"single-inventory","paramLen":17,"rssiDbm":-52,"pc":"3000","epc":"3474257BF40000000000162E","epcCrc":"C9D8","epcCrcValid":true}
calc-notice-tag-2|reply|bb02220011c330003374257bf40c0e400000162e0233367e|calc|good|{"type":"notice","command":"single-inventory","paramLen":17,"rssiDbm":-61,"pc":"3000","epc":"3374257BF40C0E400000162E","epcCrc":"0233","epcCrcValid":true}
calc-notice-tag-3|reply|bb02220011ba3000e280116060000200000000018e83667e|calc|good|{"type":"notice","command":"single-inventory","paramLen":17,"rssiDbm":-70,"pc":"3000","epc":"E28011606000020000000001","epcCrc":"8E83","epcCrcValid":true}
calc-notice-delimiters-in-payload|reply|bb02220011c930007e7ebb7e0000bb0000227e01f03bea7e|calc|good|{"type":"notice","command":"single-inventory","paramLen":17,"rssiDbm":-55,"pc":"3000","epc":"7E7EBB7E0000BB0000227E01","epcCrc":"F03B","epcCrcValid":true}
`;

export const m100Vectors: readonly M100Vector[] = lines
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
