/**
 * Known frames of real devices, and what they mean. `origin` names where a frame was published:
 * - wave: vendor examples of eight-channel relay boards (Waveshare type)
 * - spec: classic Modbus examples
 * - calc: built from the published layout
 */
export interface ModbusVector {
  readonly id: string;
  readonly direction: 'request' | 'reply';
  readonly hex: string;
  readonly origin: string;
  readonly standing: 'good' | 'bad';
  readonly decoded: Readonly<Record<string, unknown>>;
}

const lines = `
req-fc05|request|01050000ff008c3a|wave|good|{"unit":1,"function":"05","address":"0000","value":"FF00"}
req-fc05-2|request|010500000000cdca|wave|good|{"unit":1,"function":"05","address":"0000","value":"0000"}
req-fc05-3|request|01050001ff00ddfa|wave|good|{"unit":1,"function":"05","address":"0001","value":"FF00"}
req-fc05-4|request|0105000100009c0a|wave|good|{"unit":1,"function":"05","address":"0001","value":"0000"}
req-fc05-5|request|01050002ff002dfa|wave|good|{"unit":1,"function":"05","address":"0002","value":"FF00"}
req-fc05-6|request|0105000200006c0a|wave|good|{"unit":1,"function":"05","address":"0002","value":"0000"}
req-fc05-7|request|01050003ff007c3a|wave|good|{"unit":1,"function":"05","address":"0003","value":"FF00"}
req-fc05-8|request|0105000300003dca|wave|good|{"unit":1,"function":"05","address":"0003","value":"0000"}
req-fc05-9|request|01050004ff00cdfb|wave|good|{"unit":1,"function":"05","address":"0004","value":"FF00"}
req-fc05-10|request|01050005ff009c3b|wave|good|{"unit":1,"function":"05","address":"0005","value":"FF00"}
req-fc05-11|request|01050006ff006c3b|wave|good|{"unit":1,"function":"05","address":"0006","value":"FF00"}
req-fc05-12|request|01050007ff003dfb|wave|good|{"unit":1,"function":"05","address":"0007","value":"FF00"}
req-fc05-13|request|010500ffff00bc0a|wave|good|{"unit":1,"function":"05","address":"00FF","value":"FF00"}
req-fc05-14|request|010500005500f29a|wave|good|{"unit":1,"function":"05","address":"0000","value":"5500"}
req-fc05-15|request|0105020000078db0|wave|good|{"unit":1,"function":"05","address":"0200","value":"0007"}
req-fc05-16|request|0105020100089c74|wave|good|{"unit":1,"function":"05","address":"0201","value":"0008"}
req-fc02|request|01020000000879cc|wave|good|{"unit":1,"function":"02","address":0,"count":8}
rsp-fc02|reply|01020120a050|wave|good|{"unit":1,"function":"02","byteCount":1,"data":"20"}
rsp-fc02-2|reply|01020103a190|wave|bad|{}
req-fc01|request|0101000000083dcc|wave|good|{"unit":1,"function":"01","address":0,"count":8}
rsp-fc01|reply|010101015188|wave|bad|{}
req-fc0f|request|010f0000000801ffbed5|wave|good|{"unit":1,"function":"0F","address":0,"count":8,"bits":"ff"}
req-fc0f-2|request|010f000000080103be94|wave|good|{"unit":1,"function":"0F","address":0,"count":8,"bits":"03"}
rsp-fc0f|reply|010f00000008540d|wave|good|{"unit":1,"function":"0F","address":0,"count":8}
req-fc06|request|0106100000014cca|wave|good|{"unit":1,"function":"06","register":"1000","value":1}
req-fc03|request|01031000000840cc|spec|good|{"unit":1,"function":"03","address":4096,"count":8}
req-fc02-2|request|010200c40016b839|spec|good|{"unit":1,"function":"02","address":196,"count":22}
req-fc0f-3|request|010f0013000a02cd0172cb|spec|good|{"unit":1,"function":"0F","address":19,"count":10,"bits":"cd01"}
req-fc03-2|request|1103006b00037687|spec|good|{"unit":17,"function":"03","address":107,"count":3}
rsp-fc03|reply|110306ae415652434049ad|spec|good|{"unit":17,"function":"03","byteCount":6,"data":"ae4156524340"}
rsp-fc83|reply|1183044136|spec|good|{"unit":17,"function":"83","exception":4}
req-fc03-3|request|010300000002c40b|spec|good|{"unit":1,"function":"03","address":0,"count":2}
req-fc05-17|request|01050002f1009fb7|wave|bad|{}
req-fc05-18|request|01050000f00089ca|wave|good|{"unit":1,"function":"05","address":"0000","value":"F000"}
calc-rsp-inputs-door4|reply|01020108a04e|calc|good|{"unit":1,"function":"02","byteCount":1,"data":"08"}
calc-rsp-inputs-none|reply|01020100a188|calc|good|{"unit":1,"function":"02","byteCount":1,"data":"00"}
calc-rsp-inputs-1-4|reply|0102010fe18c|calc|good|{"unit":1,"function":"02","byteCount":1,"data":"0f"}
calc-req-flash-relay1-500ms|request|0105020000050c71|calc|good|{"unit":1,"function":"05","address":"0200","value":"0005"}
calc-rsp-exception-fc05-01|reply|0185018350|calc|good|{"unit":1,"function":"85","exception":1}
calc-rsp-exception-fc02-02|reply|018202c161|calc|good|{"unit":1,"function":"82","exception":2}
calc-rsp-coils-0f|reply|0101010f118c|calc|good|{"unit":1,"function":"01","byteCount":1,"data":"0f"}
calc-req-fc05-invalid-value|request|0105000000ff8d8a|calc|good|{"unit":1,"function":"05","address":"0000","value":"00FF"}
`;

export const modbusVectors: readonly ModbusVector[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [id = '', direction, hex = '', origin = '', standing, decoded = '{}'] = line.split('|');
    return {
      id,
      direction: direction === 'request' ? 'request' : 'reply',
      hex,
      origin,
      standing: standing === 'bad' ? 'bad' : 'good',
      decoded: JSON.parse(decoded),
    };
  });
