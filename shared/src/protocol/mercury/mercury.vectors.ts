/**
 * Known frames of real devices, and what they mean. `origin` names where a frame was published:
 * - m5e: erossi/m5e_rfid, a session with a real M5e
 * - nano: an ESP32 firmware that answers as an M6e Nano
 * - cn: bench notes of an M6e integrator
 * - m7e: a Node driver for an M7E
 * - sf: sparkfun/SparkFun_Simultaneous_RFID_Tag_Reader_Library
 * - java: a malformed frame from the field, quoted in the ThingMagic Java SerialReader
 * - silion: Silion module manual
 * - calc: built from the published layout
 */
export interface MercuryVector {
  readonly id: string;
  readonly direction: 'request' | 'reply';
  readonly hex: string;
  readonly origin: string;
  /** `bad` frames were published with a wrong check and must be refused. */
  readonly standing: 'good' | 'bad';
  readonly decoded: Readonly<Record<string, unknown>>;
}

const lines = `
req-boot-firmware|request|ff00041d0b|m5e|good|{"op":"boot-firmware"}
rsp-boot-firmware|reply|ff1404000007102300010000032014100701070209000000105251|m5e|good|{"op":"boot-firmware","status":"0000","statusName":"ok","bootloader":"07.10.23.00","hardware":"01.00.00.03","firmwareDate":"20141007","firmware":"01.07.02.09","protocolMask":"00000010"}
req-version|request|ff00031d0c|m5e|good|{"op":"version"}
rsp-version|reply|ff1403000007102300010000032014100701070209000000105bd1|m5e|good|{"op":"version","status":"0000","statusName":"ok","bootloader":"07.10.23.00","hardware":"01.00.00.03","firmwareDate":"20141007","firmware":"01.07.02.09","protocolMask":"00000010"}
req-set-region|request|ff0197024bbf|m5e|good|{"op":"set-region","region":"EU"}
rsp-set-region|reply|ff00970000779e|m5e|good|{"op":"set-region","status":"0000","statusName":"ok"}
req-get-protocol|request|ff00631d6c|m5e|good|{"op":"get-protocol"}
rsp-get-protocol|reply|ff0263000000002143|m5e|good|{"op":"get-protocol","status":"0000","statusName":"ok","protocol":0}
req-set-protocol|request|ff02930005517d|m5e+cn|good|{"op":"set-protocol","protocol":5}
rsp-set-protocol|reply|ff00930000371a|m5e|good|{"op":"set-protocol","status":"0000","statusName":"ok"}
rsp-get-protocol-2|reply|ff0263000000052146|m5e+nano|good|{"op":"get-protocol","status":"0000","statusName":"ok","protocol":5}
req-get-read-power|request|ff016201bebc|m5e|good|{"op":"get-read-power","option":1}
rsp-get-read-power|reply|ff076200000108fc08fc03e87ac9|m5e|good|{"op":"get-read-power","status":"0000","statusName":"ok","option":1,"setCentiDbm":2300,"maxCentiDbm":2300,"minCentiDbm":1000}
req-get-antenna|request|ff016101bdbc|m5e|good|{"op":"get-antenna","option":1}
rsp-get-antenna|reply|ff03610000010100215b|m5e|good|{"op":"get-antenna","status":"0000","statusName":"ok","option":1}
req-read-tag-single|request|ff022103e8d509|m5e|good|{"op":"read-tag-single","timeoutMs":1000}
rsp-read-tag-single|reply|ff0e210000e200322fe20df9311328b7e3d100aad0|m5e|good|{"op":"read-tag-single","status":"0000","statusName":"ok","epc":"E200322FE20DF9311328B7E3","epcCrc":"D100"}
rsp-read-tag-single-2|reply|ff00210400b483|m5e|good|{"op":"read-tag-single","status":"0400","statusName":"no-tags-found"}
req-get-power-mode|request|ff00681d67|m5e|good|{"op":"get-power-mode"}
rsp-get-power-mode|reply|ff0168000000a4bf|m5e+nano|good|{"op":"get-power-mode","status":"0000","statusName":"ok","data":"00"}
req-set-power-mode|request|ff01980344be|m5e|good|{"op":"set-power-mode","data":"03"}
rsp-set-power-mode|reply|ff009800008671|m5e|good|{"op":"set-power-mode","status":"0000","statusName":"ok"}
rsp-get-power-mode-2|reply|ff0168000003a4bc|m5e|good|{"op":"get-power-mode","status":"0000","statusName":"ok","data":"03"}
req-set-read-power|request|ff029203e842b1|m5e|good|{"op":"set-read-power","powerCentiDbm":1000}
rsp-set-read-power|reply|ff00920000273b|m5e|good|{"op":"set-read-power","status":"0000","statusName":"ok"}
rsp-get-read-power-2|reply|ff076200000103e808fc03e8fb75|m5e|good|{"op":"get-read-power","status":"0000","statusName":"ok","option":1,"setCentiDbm":1000,"maxCentiDbm":2300,"minCentiDbm":1000}
req-read-tag-single-2|request|ff032103e800a5e8|m5e|good|{"op":"read-tag-single","timeoutMs":1000}
rsp-read-tag-single-3|reply|ff0f21000000e200322fe20df9311328b7e3d100a542|m5e|good|{"op":"read-tag-single","status":"0000","statusName":"ok","option":0,"epc":"E200322FE20DF9311328B7E3","epcCrc":"D100"}
req-get-reader-param|request|ff026a01002e4e|m5e|good|{"op":"get-reader-param","key":"unique-by-antenna(inverted)"}
rsp-get-reader-param|reply|ff036a00000100003e44|m5e|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"unique-by-antenna(inverted)","value":"00"}
req-set-reader-param|request|ff039a010201ad5c|m5e|good|{"op":"set-reader-param","key":"extended-epc","value":"01"}
rsp-set-reader-param|reply|ff009a0000a633|m5e+nano|good|{"op":"set-reader-param","status":"0000","statusName":"ok"}
req-get-current-program|request|ff000c1d03|cn|good|{"op":"get-current-program"}
req-set-region-2|request|ff0197064bbb|cn|good|{"op":"set-region","region":"PRC"}
req-set-antenna|request|ff039102010142c5|cn+nano|good|{"op":"set-antenna","searchList":[{"tx":1,"rx":1}]}
req-clear-tag-buffer|request|ff002a1d25|cn+nano|good|{"op":"clear-tag-buffer"}
req-read-tag-multiple|request|ff0522000013000a2ae7|cn|good|{"op":"read-tag-multiple","option":"00","searchFlags":"0013","timeoutMs":10}
req-read-tag-multiple-2|request|ff052200001301f42b19|cn|good|{"op":"read-tag-multiple","option":"00","searchFlags":"0013","timeoutMs":500}
req-get-tag-buffer|request|ff032901ff001b03|cn|good|{"op":"get-tag-buffer","metadataFlags":"01FF","readOption":0}
req-set-reader-param-2|request|ff039a010c00a35d|cn|good|{"op":"set-reader-param","key":"read-filter-enable","value":"00"}
req-multi-protocol-op|request|ff102f00000122000005072210001b03e801ffdd2b|cn|good|{"op":"multi-protocol-op","timeoutMs":0,"action":"start-continuous","subOp":"22","searchFlags":"0000","protocol":5,"planLen":7,"plan":{"op":"22","option":"10","searchFlags":"001B","timeoutMs":1000,"metadataFlags":"01FF"}}
req-multi-protocol-op-2|request|ff032f0000025e86|cn+nano|good|{"op":"multi-protocol-op","timeoutMs":0,"action":"stop"}
req-get-tag-buffer-2|request|ff0329000000f422|cn|good|{"op":"get-tag-buffer","metadataFlags":"0000","readOption":0}
req-multi-protocol-op-3|request|ff102f00000122000005072210001b03e80000dcd4|cn|good|{"op":"multi-protocol-op","timeoutMs":0,"action":"start-continuous","subOp":"22","searchFlags":"0000","protocol":5,"planLen":7,"plan":{"op":"22","option":"10","searchFlags":"001B","timeoutMs":1000,"metadataFlags":"0000"}}
req-set-read-power-2|request|ff02920bb84ae1|cn|good|{"op":"set-read-power","powerCentiDbm":3000}
req-set-protocol-param|request|ff039b050202deea|cn+nano|good|{"op":"set-protocol-param","protocol":5,"key":"tag-encoding","value":"02"}
req-set-protocol-param-2|request|ff039b051200cee8|cn|good|{"op":"set-protocol-param","protocol":5,"key":"q","value":"00"}
req-set-protocol-param-3|request|ff039b051000cce8|cn|good|{"op":"set-protocol-param","protocol":5,"key":"link-frequency","value":"00"}
req-set-protocol-param-4|request|ff039b051100cde8|cn|good|{"op":"set-protocol-param","protocol":5,"key":"tari","value":"00"}
req-set-protocol-param-5|request|ff039b050000dce8|cn|good|{"op":"set-protocol-param","protocol":5,"key":"session","value":"00"}
req-set-protocol-param-6|request|ff049b05010000a3fd|cn|good|{"op":"set-protocol-param","protocol":5,"key":"target","value":"0000"}
req-set-read-power-3|request|ff029204b045e9|cn|good|{"op":"set-read-power","powerCentiDbm":1200}
req-set-region-3|request|ff0197014bbc|m7e|good|{"op":"set-region","region":"NA"}
rsp-version-2|reply|ff140300002301060038000201202409130201060800000010cb65|m7e|good|{"op":"version","status":"0000","statusName":"ok","bootloader":"23.01.06.00","hardware":"38.00.02.01","firmwareDate":"20240913","firmware":"02.01.06.08","protocolMask":"00000010"}
rsp-stream-tag-sparkfun|reply|ff2822000010001b01ff0101c4110e16400000012700000500000f00803000000000000000000000001545e94a561d|sf|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"01FF","responseType":1,"tag":{"readCount":1,"rssiDbm":-60,"antennaByte":"11","txPort":1,"rxPort":1,"frequencyKHz":923200,"timestampMs":295,"phase":0,"protocol":5,"dataBits":0,"gpio":15,"epcFieldBits":128,"pc":"3000","epc":"000000000000000000001545","epcCrc":"E94A","epcCrcValid":true}}
req-write-epc-sparkfun|request|ff0a2403e800000000000300ee589d|sf|good|{"op":"write-tag-data","data":"03e800000000000300ee"}
rsp-malformed-tag|reply|ff1c22000010001b01ff0101d9220dc65e0000001400b1050000000020021817ab1336|java|good|{"op":"read-tag-multiple","mustReject":"EPC length negative after XPC words"}
rsp-get-current-program|reply|ff010c0000126343|silion|good|{"op":"get-current-program","status":"0000","statusName":"ok","programByte":"12","program":"application"}
req-get-hw-version|request|ff02100000f093|silion+nano|good|{"op":"get-hw-version","data":"0000"}
rsp-version-3|reply|ff14030000141208003000000220220804010b0125000000107962|nano|good|{"op":"version","status":"0000","statusName":"ok","bootloader":"14.12.08.00","hardware":"30.00.00.02","firmwareDate":"20220804","firmware":"01.0b.01.25","protocolMask":"00000010"}
rsp-get-current-program-2|reply|ff010c0000526303|nano|good|{"op":"get-current-program","status":"0000","statusName":"ok","programByte":"52","program":"application"}
req-get-reader-param-2|request|ff026a010e2e40|nano|good|{"op":"get-reader-param","key":"current-transport"}
rsp-get-reader-param-2|reply|ff036a0000010e003044|nano|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"current-transport","value":"00"}
req-set-baud-rate|request|ff04060001c200a460|nano|good|{"op":"set-baud-rate","baud":115200}
rsp-set-baud-rate|reply|ff00060000e406|nano|good|{"op":"set-baud-rate","status":"0000","statusName":"ok"}
req-get-reader-param-3|request|ff026a01122e5c|nano|good|{"op":"get-reader-param","key":"product-group-id"}
rsp-get-reader-param-3|reply|ff046a00000112000069af|nano|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"product-group-id","value":"0000"}
req-get-reader-param-4|request|ff026a01032e4d|nano|good|{"op":"get-reader-param","key":"antenna-control-gpio"}
rsp-get-reader-param-4|reply|ff036a00000103003d44|nano|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"antenna-control-gpio","value":"00"}
req-get-reader-param-5|request|ff026a010c2e42|nano|good|{"op":"get-reader-param","key":"read-filter-enable"}
rsp-get-reader-param-5|reply|ff036a0000010c013245|nano|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"read-filter-enable","value":"01"}
req-get-reader-param-6|request|ff026a010d2e43|nano|good|{"op":"get-reader-param","key":"read-filter-timeout-ms"}
rsp-get-reader-param-6|reply|ff066a0000010d000000001543|nano|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"read-filter-timeout-ms","value":"00000000"}
req-get-regions|request|ff00711d7e|nano|good|{"op":"get-regions"}
rsp-get-regions|reply|ff1a7100000d0e04050608090b0c101112131415161718191a1b1c1d1e20ff3ee9|nano|good|{"op":"get-regions","status":"0000","statusName":"ok","regions":[13,14,4,5,6,8,9,11,12,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,32,255]}
req-get-region|request|ff00671d68|nano|good|{"op":"get-region"}
rsp-get-region|reply|ff016700000db48c|nano|good|{"op":"get-region","status":"0000","statusName":"ok","region":"NA2"}
req-set-region-4|request|ff01970d4bb0|nano|good|{"op":"set-region","region":"NA2"}
req-get-protocols|request|ff00701d7f|nano|good|{"op":"get-protocols"}
rsp-get-protocols|reply|ff0270000000053b75|nano|good|{"op":"get-protocols","status":"0000","statusName":"ok","protocols":[5]}
rsp-get-read-power-3|reply|ff07620000010a8c0a8c000054b4|nano|good|{"op":"get-read-power","status":"0000","statusName":"ok","option":1,"setCentiDbm":2700,"maxCentiDbm":2700,"minCentiDbm":0}
req-set-write-power|request|ff02940a8c2b13|nano|good|{"op":"set-write-power","powerCentiDbm":2700}
rsp-set-write-power|reply|ff0094000047fd|nano|good|{"op":"set-write-power","status":"0000","statusName":"ok"}
req-get-hop-table|request|ff00651d6a|nano|good|{"op":"get-hop-table"}
rsp-get-hop-table|reply|ffc8650000000e2130000e0830000e1c80000e13e8000e1000000e1e10000e0380000e06a0000e17d0000e10c8000e1640000e0a88000e0768000e0e70000e2388000e2450000e0ce0000e1af0000e1898000e0da8000e1bb8000e1190000e0128000e14b0000e05d8000dff98000e22c0000e1960000e08f8000e21f8000e1d48000e0448000e0510000e1578000e02b8000e2518000e1ed8000e1258000e1320000e0060000e0b50000e2068000e0c18000e1a28000e01f0000e25e0000e09c0000e0f38000e1708000e1fa05ff6|nano|good|{"op":"get-hop-table","status":"0000","statusName":"ok","hopTableKHz":[926000,919600,924800,922600,921600,925200,918400,919200,923600,921800,923200,920200,919400,921200,926600,926800,920800,924400,923800,921000,924600,922000,917800,922800,919000,917400,926400,924000,919800,926200,925000,918600,918800,923000,918200,927000,925400,922200,922400,917600,920400,925800,920600,924200,918000,927200,920000,921400,923400,925600]}
req-get-protocol-param|request|ff026b05103a7f|nano|good|{"op":"get-protocol-param","protocol":5,"key":"link-frequency"}
rsp-get-protocol-param|reply|ff036b00000510001874|nano|good|{"op":"get-protocol-param","status":"0000","statusName":"ok","protocol":5,"key":"link-frequency","value":"00"}
req-get-protocol-param-2|request|ff026b05113a7e|nano|good|{"op":"get-protocol-param","protocol":5,"key":"tari"}
rsp-get-protocol-param-2|reply|ff036b00000511001974|nano|good|{"op":"get-protocol-param","status":"0000","statusName":"ok","protocol":5,"key":"tari","value":"00"}
req-get-protocol-param-3|request|ff026b05023a6d|nano|good|{"op":"get-protocol-param","protocol":5,"key":"tag-encoding"}
rsp-get-protocol-param-3|reply|ff036b00000502020a76|nano|good|{"op":"get-protocol-param","status":"0000","statusName":"ok","protocol":5,"key":"tag-encoding","value":"02"}
req-get-protocol-param-4|request|ff026b05003a6f|nano|good|{"op":"get-protocol-param","protocol":5,"key":"session"}
rsp-get-protocol-param-4|reply|ff036b00000500000874|nano|good|{"op":"get-protocol-param","status":"0000","statusName":"ok","protocol":5,"key":"session","value":"00"}
req-get-protocol-param-5|request|ff026b05013a6e|nano|good|{"op":"get-protocol-param","protocol":5,"key":"target"}
rsp-get-protocol-param-5|reply|ff046b0000050101002c68|nano|good|{"op":"get-protocol-param","status":"0000","statusName":"ok","protocol":5,"key":"target","value":"0100"}
req-get-protocol-param-6|request|ff026b05123a7d|nano|good|{"op":"get-protocol-param","protocol":5,"key":"q"}
rsp-get-protocol-param-6|reply|ff036b00000512001a74|nano|good|{"op":"get-protocol-param","status":"0000","statusName":"ok","protocol":5,"key":"q","value":"00"}
req-get-protocol-param-7|request|ff026b05163a79|nano|good|{"op":"get-protocol-param","protocol":5,"key":"key-0x16(not named in the C header read)"}
rsp-get-protocol-param-7|reply|ff046b0000051600024fbc|nano|good|{"op":"get-protocol-param","status":"0000","statusName":"ok","protocol":5,"key":"key-0x16(not named in the C header read)","value":"0002"}
rsp-get-hw-version|reply|ff37100000007f01024149020200300402720908020001100b3430302d303036372d303220023041401231363233303036373932373136373236392b7393|nano|good|{"op":"get-hw-version","status":"0000","statusName":"ok","data":"007f01024149020200300402720908020001100b3430302d303036372d303220023041401231363233303036373932373136373236392b"}
req-get-hw-version-2|request|ff02100040f0d3|nano|good|{"op":"get-hw-version","data":"0040"}
rsp-get-hw-version-2|reply|ff161000000040401231363233303036373932373136373236392b7bfc|nano|good|{"op":"get-hw-version","status":"0000","statusName":"ok","data":"0040401231363233303036373932373136373236392b"}
rsp-get-antenna-2|reply|ff0361000005010061df|nano|good|{"op":"get-antenna","status":"0000","statusName":"ok","option":5,"detected":[{"port":1,"connected":false}]}
rsp-set-protocol-param|reply|ff009b0000b612|nano|good|{"op":"set-protocol-param","status":"0000","statusName":"ok"}
req-set-protocol-param-7|request|ff039b051600cae8|nano|good|{"op":"set-protocol-param","protocol":5,"key":"key-0x16(not named in the C header read)","value":"00"}
req-set-protocol-param-8|request|ff049b05010100a2fd|nano|good|{"op":"set-protocol-param","protocol":5,"key":"target","value":"0100"}
req-get-stats|request|ff036c019f41897b|nano|good|{"op":"get-stats","data":"019f41"}
rsp-get-stats|reply|ff036c0000019f41869c|nano|good|{"op":"get-stats","status":"0000","statusName":"ok","data":"019f41"}
req-set-baud-rate-2|request|ff02060029824d|nano|good|{"op":"set-baud-rate","baud":{"raw":"0029"}}
req-get-user-mode|request|ff00691d66|nano|good|{"op":"get-user-mode"}
rsp-get-user-mode|reply|ff0169000000978e|nano|good|{"op":"get-user-mode","status":"0000","statusName":"ok","data":"00"}
req-get-reader-param-7|request|ff026a01082e46|nano|good|{"op":"get-reader-param","key":"unique-by-data(inverted)"}
rsp-get-reader-param-7|reply|ff036a00000108013645|nano|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"unique-by-data(inverted)","value":"01"}
req-get-protocol-param-8|request|ff026b03103c7f|nano|good|{"op":"get-protocol-param","protocol":3,"key":16}
rsp-get-protocol-param-8|reply|ff026b040203106774|nano|good|{"op":"get-protocol-param","status":"0402","statusName":"invalid-protocol","protocol":3,"key":16,"value":""}
req-get-antenna-2|request|ff016104bdb9|nano|good|{"op":"get-antenna","option":4}
rsp-get-antenna-3|reply|ff71610000040180008000000002800080000000038000800000000480008000000005800080000000068000800000000780008000000008800080000000098000800000000a8000800000000b8000800000000c8000800000000d8000800000000e8000800000000f800080000000108000800000000160|nano|good|{"op":"get-antenna","status":"0000","statusName":"ok","option":4,"perPort":[{"port":1,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":2,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":3,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":4,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":5,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":6,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":7,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":8,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":9,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":10,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":11,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":12,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":13,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":14,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":15,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0},{"port":16,"readCentiDbm":32768,"writeCentiDbm":32768,"settlingUs":0}]}
req-get-reader-param-8|request|ff026a01092e47|nano|good|{"op":"get-reader-param","key":"rssi-in-dbm"}
rsp-get-reader-param-8|reply|ff036a00000109013745|nano|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"rssi-in-dbm","value":"01"}
req-get-reader-param-9|request|ff026a01062e48|nano|good|{"op":"get-reader-param","key":"record-highest-rssi"}
rsp-get-reader-param-9|reply|ff036a00000106003844|nano|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"record-highest-rssi","value":"00"}
req-set-reader-param-3|request|ff039a010400ab5d|nano|good|{"op":"set-reader-param","key":"safety-antenna-check","value":"00"}
req-get-stats-2|request|ff026c01004e88|nano|good|{"op":"get-stats","data":"0100"}
rsp-get-stats-2|reply|ff026c000001000c72|nano|good|{"op":"get-stats","status":"0000","statusName":"ok","data":"0100"}
rsp-clear-tag-buffer|reply|ff002a000001e8|nano|good|{"op":"clear-tag-buffer","status":"0000","statusName":"ok"}
req-set-reader-param-4|request|ff039a010c01a35c|nano|good|{"op":"set-reader-param","key":"read-filter-enable","value":"01"}
req-get-read-power-2|request|ff016200bebd|nano|good|{"op":"get-read-power","option":0}
rsp-get-read-power-4|reply|ff036200000004b0af16|nano|good|{"op":"get-read-power","status":"0000","statusName":"ok","option":0,"setCentiDbm":1200}
req-set-reader-param-5|request|ff039a010401ab5c|nano|good|{"op":"set-reader-param","key":"safety-antenna-check","value":"01"}
req-set-antenna-2|request|ff07910701007d02007dc568|nano|good|{"op":"set-antenna","perAntennaTimeMs":[{"port":1,"ms":125},{"port":2,"ms":125}]}
rsp-set-antenna|reply|ff009100001758|nano|good|{"op":"set-antenna","status":"0000","statusName":"ok"}
req-get-gpio|request|ff016601babc|nano|good|{"op":"get-gpio","data":"01"}
rsp-get-gpio|reply|ff0d66000001010100020100030100040100fcf4|nano|good|{"op":"get-gpio","status":"0000","statusName":"ok","option":1,"pins":[{"id":1,"output":1,"high":0},{"id":2,"output":1,"high":0},{"id":3,"output":1,"high":0},{"id":4,"output":1,"high":0}]}
req-set-gpio|request|ff0196014abc|nano|good|{"op":"set-gpio","data":"01"}
rsp-set-gpio|reply|ff02960000010128e0|nano|good|{"op":"set-gpio","status":"0000","statusName":"ok","data":"0101"}
req-set-gpio-2|request|ff0196024abf|nano|good|{"op":"set-gpio","data":"02"}
rsp-set-gpio-2|reply|ff0296000002012be0|nano|good|{"op":"set-gpio","status":"0000","statusName":"ok","data":"0201"}
rsp-read-tag-multiple|reply|ff0022040084e0|nano|good|{"op":"read-tag-multiple","status":"0400","statusName":"no-tags-found","meaning":"end of search cycle / keep-alive: no-tags-found"}
req-get-tag-buffer-3|request|ff03290fff00facd|nano|good|{"op":"get-tag-buffer","metadataFlags":"0FFF","readOption":0}
req-get-reader-param-10|request|ff026a010b2e45|nano|good|{"op":"get-reader-param","key":"unique-by-protocol(inverted)"}
rsp-get-reader-param-10|reply|ff036a0000010b003544|nano|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"unique-by-protocol(inverted)","value":"00"}
rsp-multi-protocol-op|reply|ff042f0000012200006dc3|nano|good|{"op":"multi-protocol-op","status":"0000","statusName":"ok","action":"start-ack","data":"01220000"}
rsp-stream-stats-temperature|reply|ff0b2200008800011b0282008200011c1d49|nano|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","data":"8800011b0282008200011c"}
req-get-temperature|request|ff00721d7d|nano|good|{"op":"get-temperature"}
rsp-get-temperature|reply|ff017200001e4819|nano|good|{"op":"get-temperature","status":"0000","statusName":"ok","temperatureC":30}
req-get-reader-param-11|request|ff026a01042e4a|nano|good|{"op":"get-reader-param","key":"safety-antenna-check"}
rsp-get-reader-param-11|reply|ff036a00000104003a44|nano|good|{"op":"get-reader-param","status":"0000","statusName":"ok","key":"safety-antenna-check","value":"00"}
req-get-protocol-param-9|request|ff026b05143a7b|nano|good|{"op":"get-protocol-param","protocol":5,"key":"protocol-extension"}
rsp-get-protocol-param-9|reply|ff036b00000514001c74|nano|good|{"op":"get-protocol-param","status":"0000","statusName":"ok","protocol":5,"key":"protocol-extension","value":"00"}
req-get-protocol-param-10|request|ff026b03113c7e|nano|good|{"op":"get-protocol-param","protocol":3,"key":17}
rsp-get-protocol-param-10|reply|ff026b040203116775|nano|good|{"op":"get-protocol-param","status":"0402","statusName":"invalid-protocol","protocol":3,"key":17,"value":""}
req-get-protocol-param-11|request|ff026b03123c7d|nano|good|{"op":"get-protocol-param","protocol":3,"key":18}
rsp-get-protocol-param-11|reply|ff026b040203126776|nano|good|{"op":"get-protocol-param","status":"0402","statusName":"invalid-protocol","protocol":3,"key":18,"value":""}
bad-crc-req-6a-0c|request|ff026a010c2e62|nano|bad|{"op":"get-reader-param","key":"read-filter-enable"}
bad-crc-req-6a-03|request|ff026a01032e6d|nano|bad|{"op":"get-reader-param","key":"antenna-control-gpio"}
silion-start-async|request|ff13aa4d6f64756c6574656368aa48000000800375bb4d30|silion|good|{"op":"silion-extended","data":"4d6f64756c6574656368aa48000000800375bb"}
silion-stop-async|request|ff0eaa4d6f64756c6574656368aa49f3bb0391|silion|good|{"op":"silion-extended","data":"4d6f64756c6574656368aa49f3bb"}
silion-ext-40|request|ff14aa4d6f64756c6574656368aa400601000e10000fbb799f|silion|good|{"op":"silion-extended","data":"4d6f64756c6574656368aa400601000e10000fbb"}
silion-dwell-5s|request|ff05950200001388d5ab|silion|good|{"op":"set-hop-table","data":"0200001388"}
silion-antennas-1-4|request|ff059102010104042bc6|silion|good|{"op":"set-antenna","searchList":[{"tx":1,"rx":1},{"tx":4,"rx":4}]}
silion-start-async-with-read|request|ff1faa4d6f64756c6574656368aa4800ff0000040109280000000200000000042dbbd10c|silion|good|{"op":"silion-extended","data":"4d6f64756c6574656368aa4800ff0000040109280000000200000000042dbb"}
calc-req-search-list-4-antennas|request|ff0991020101020203030404fc1b|calc|good|{"op":"set-antenna","searchList":[{"tx":1,"rx":1},{"tx":2,"rx":2},{"tx":3,"rx":3},{"tx":4,"rx":4}]}
calc-req-single-antenna-1|request|ff02910101703b|calc|good|{"op":"set-antenna","tx":1,"rx":1}
calc-req-read-power-27dBm|request|ff02920a8c4bd5|calc|good|{"op":"set-read-power","powerCentiDbm":2700}
calc-req-read-power-20dBm|request|ff029207d04689|calc|good|{"op":"set-read-power","powerCentiDbm":2000}
calc-req-region-eu3|request|ff0197084bb5|calc|good|{"op":"set-region","region":"EU3"}
calc-req-session-s1|request|ff039b050001dce9|calc|good|{"op":"set-protocol-param","protocol":5,"key":"session","value":"01"}
calc-req-session-s2|request|ff039b050002dcea|calc|good|{"op":"set-protocol-param","protocol":5,"key":"session","value":"02"}
calc-req-target-b|request|ff049b05010101a2fc|calc|good|{"op":"set-protocol-param","protocol":5,"key":"target","value":"0101"}
calc-req-static-q4|request|ff049b0512010480ab|calc|good|{"op":"set-protocol-param","protocol":5,"key":"q","value":"0104"}
calc-req-baud-921600|request|ff0406000e1000878f|calc|good|{"op":"set-baud-rate","baud":921600}
calc-rsp-error-0105|reply|ff00910105165d|calc|good|{"op":"set-antenna","status":"0105","statusName":"invalid-parameter-value"}
calc-rsp-error-0103|reply|ff009201032638|calc|good|{"op":"set-read-power","status":"0103","statusName":"power-too-high"}
calc-rsp-error-010b|reply|ff0097010b7695|calc|good|{"op":"set-region","status":"010B","statusName":"invalid-region"}
calc-rsp-error-0405|reply|ff0022040584e5|calc|good|{"op":"read-tag-multiple","status":"0405","statusName":"afe-not-on","meaning":"end of search cycle / keep-alive: afe-not-on"}
calc-rsp-error-0503|reply|ff0022050385e3|calc|good|{"op":"read-tag-multiple","status":"0503","statusName":"antenna-not-connected","meaning":"end of search cycle / keep-alive: antenna-not-connected"}
calc-rsp-error-0504|reply|ff0022050485e4|calc|good|{"op":"read-tag-multiple","status":"0504","statusName":"temperature-exceeds-limits","meaning":"end of search cycle / keep-alive: temperature-exceeds-limits"}
calc-rsp-error-0505|reply|ff0022050585e5|calc|good|{"op":"read-tag-multiple","status":"0505","statusName":"high-return-loss","meaning":"end of search cycle / keep-alive: high-return-loss"}
calc-rsp-error-0601|reply|ff0022060186e1|calc|good|{"op":"read-tag-multiple","status":"0601","statusName":"tag-buffer-full","meaning":"end of search cycle / keep-alive: tag-buffer-full"}
calc-rsp-error-0101|reply|ff005501018f91|calc|good|{"op":"55","status":"0101","statusName":"invalid-opcode"}
calc-rsp-error-7f01|reply|ff00227f01ffe1|calc|good|{"op":"read-tag-multiple","status":"7F01","statusName":"assert-failed","meaning":"end of search cycle / keep-alive: assert-failed"}
calc-rsp-stop-ack|reply|ff032f0000020000dcfe|calc|good|{"op":"multi-protocol-op","status":"0000","statusName":"ok","action":"stop-ack","data":"020000"}
calc-rsp-end-of-cycle-empty|reply|ff0022000080e0|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","meaning":"end of search cycle"}
calc-rsp-stream-tag-1|reply|ff2822000010001b01ff0101cc110d35a40000000c000005000000008030003474257bf40000000000162ec9d80e60|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"01FF","responseType":1,"tag":{"readCount":1,"rssiDbm":-52,"antennaByte":"11","txPort":1,"rxPort":1,"frequencyKHz":865700,"timestampMs":12,"phase":0,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":128,"pc":"3000","epc":"3474257BF40000000000162E","epcCrc":"C9D8","epcCrcValid":true}}
calc-rsp-stream-tag-2|reply|ff2822000010001b01ff0101bc220d35a40000001f000005000000008030003474257bf40000000000162ec9d812f2|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"01FF","responseType":1,"tag":{"readCount":1,"rssiDbm":-68,"antennaByte":"22","txPort":2,"rxPort":2,"frequencyKHz":865700,"timestampMs":31,"phase":0,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":128,"pc":"3000","epc":"3474257BF40000000000162E","epcCrc":"C9D8","epcCrcValid":true}}
calc-rsp-stream-tag-3|reply|ff2822000010001b01ff0101d1330d35a40000002c005a05000000008030003374257bf40c0e400000162e02336ae8|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"01FF","responseType":1,"tag":{"readCount":1,"rssiDbm":-47,"antennaByte":"33","txPort":3,"rxPort":3,"frequencyKHz":865700,"timestampMs":44,"phase":90,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":128,"pc":"3000","epc":"3374257BF40C0E400000162E","epcCrc":"0233","epcCrcValid":true}}
calc-rsp-stream-tag-4|reply|ff2822000010001b01ff0101c4440d35a40000003a000005000000008030003074257bf7194e4000001a85aaf9fa3c|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"01FF","responseType":1,"tag":{"readCount":1,"rssiDbm":-60,"antennaByte":"44","txPort":4,"rxPort":4,"frequencyKHz":865700,"timestampMs":58,"phase":0,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":128,"pc":"3000","epc":"3074257BF7194E4000001A85","epcCrc":"AAF9","epcCrcValid":true}}
calc-rsp-stream-tag-5|reply|ff2822000010001b01ff0101b9110d35a40000004600000500000000803000e280116060000200000000018e83b1b3|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"01FF","responseType":1,"tag":{"readCount":1,"rssiDbm":-71,"antennaByte":"11","txPort":1,"rxPort":1,"frequencyKHz":865700,"timestampMs":70,"phase":0,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":128,"pc":"3000","epc":"E28011606000020000000001","epcCrc":"8E83","epcCrcValid":true}}
calc-rsp-stream-tag-6|reply|ff2022000010001b01ff0101c9110d35a40000005000000500000000401000aabbccdd2e511b36|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"01FF","responseType":1,"tag":{"readCount":1,"rssiDbm":-55,"antennaByte":"11","txPort":1,"rxPort":1,"frequencyKHz":865700,"timestampMs":80,"phase":0,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":64,"pc":"1000","epc":"AABBCCDD","epcCrc":"2E51","epcCrcValid":true}}
calc-rsp-stream-tag-7|reply|ff3622000010001b01ff0101c9220d35a40000005a00000500000000f068003674257bf6b7a659b2c2bf1000000000000000000000000000005c1c9e5e|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"01FF","responseType":1,"tag":{"readCount":1,"rssiDbm":-55,"antennaByte":"22","txPort":2,"rxPort":2,"frequencyKHz":865700,"timestampMs":90,"phase":0,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":240,"pc":"6800","epc":"3674257BF6B7A659B2C2BF100000000000000000000000000000","epcCrc":"5C1C","epcCrcValid":true}}
calc-rsp-stream-tag-8|reply|ff2822000010001b01ff0101d8000d35a40000005f000005000000008030003474257bf40000000000162ec9d8b342|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"01FF","responseType":1,"tag":{"readCount":1,"rssiDbm":-40,"antennaByte":"00","txPort":16,"rxPort":16,"frequencyKHz":865700,"timestampMs":95,"phase":0,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":128,"pc":"3000","epc":"3474257BF40000000000162E","epcCrc":"C9D8","epcCrcValid":true}}
calc-rsp-stream-tag-9|reply|ff1f22000010001b00170101d81100000063008030003474257bf40000000000162ec9d8583c|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"0017","responseType":1,"tag":{"readCount":1,"rssiDbm":-40,"antennaByte":"11","txPort":1,"rxPort":1,"timestampMs":99,"epcFieldBits":128,"pc":"3000","epc":"3474257BF40000000000162E","epcCrc":"C9D8","epcCrcValid":true}}
calc-rsp-stream-tag-bad-epc-crc|reply|ff2822000010001b01ff0101cc110d35a40000000c000005000000008030003474257bf40000000000162ec9d90e61|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","option":"10","searchFlags":"001B","metadataFlags":"01FF","responseType":1,"tag":{"readCount":1,"rssiDbm":-52,"antennaByte":"11","txPort":1,"rxPort":1,"frequencyKHz":865700,"timestampMs":12,"phase":0,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":128,"pc":"3000","epc":"3474257BF40000000000162E","epcCrc":"C9D9","epcCrcValid":false}}
calc-rsp-tag-buffer-2|reply|ff4829000001ff000201da110d35a40000000b000005000000008030003474257bf40000000000162ec9d801d7220d35a400000013000005000000008030003374257bf40c0e400000162e02339d08|calc|good|{"op":"get-tag-buffer","status":"0000","statusName":"ok","metadataFlags":"01FF","option":0,"tagCount":2,"tags":[{"readCount":1,"rssiDbm":-38,"antennaByte":"11","txPort":1,"rxPort":1,"frequencyKHz":865700,"timestampMs":11,"phase":0,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":128,"pc":"3000","epc":"3474257BF40000000000162E","epcCrc":"C9D8","epcCrcValid":true},{"readCount":1,"rssiDbm":-41,"antennaByte":"22","txPort":2,"rxPort":2,"frequencyKHz":865700,"timestampMs":19,"phase":0,"protocol":5,"dataBits":0,"gpio":0,"epcFieldBits":128,"pc":"3000","epc":"3374257BF40C0E400000162E","epcCrc":"0233","epcCrcValid":true}]}
calc-rsp-tag-buffer-0fff|reply|ff292900000fff00011dda110e05d80000000b00ae05000000020000008034003474257bf40000000000162e347db7e5|calc|good|{"op":"get-tag-buffer","status":"0000","statusName":"ok","metadataFlags":"0FFF","option":0,"tagCount":1,"tags":[{"readCount":29,"rssiDbm":-38,"antennaByte":"11","txPort":1,"rxPort":1,"frequencyKHz":919000,"timestampMs":11,"phase":174,"protocol":5,"dataBits":0,"gpio":0,"gen2Q":2,"gen2LinkFrequency":0,"gen2Target":0,"epcFieldBits":128,"pc":"3400","epc":"3474257BF40000000000162E","epcCrc":"347D","epcCrcValid":true}]}
calc-req-sync-search-250ms|request|ff052213000300fa2215|calc|good|{"op":"read-tag-multiple","option":"13","searchFlags":"0003","timeoutMs":250}
calc-rsp-sync-search-2-tags|reply|ff072200001300030000000222b0|calc|good|{"op":"read-tag-multiple","status":"0000","statusName":"ok","data":"13000300000002"}
`;

export const mercuryVectors: readonly MercuryVector[] = lines
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

/** Byte lines with something between the frames, and the frames that a parser must find. */
export const mercuryStreams: readonly { id: string; hex: string; frames: readonly string[] }[] = [
  {
    id: 'back-to-back',
    hex: 'ff2822000010001b01ff0101cc110d35a40000000c000005000000008030003474257bf40000000000162ec9d80e60ff2822000010001b01ff0101d1330d35a40000002c005a05000000008030003374257bf40c0e400000162e02336ae8ff0022040084e0',
    frames: ['calc-rsp-stream-tag-1', 'calc-rsp-stream-tag-3', 'rsp-read-tag-multiple'],
  },
  {
    id: 'stray-ff-first',
    hex: 'ffff2822000010001b01ff0101cc110d35a40000000c000005000000008030003474257bf40000000000162ec9d80e60ff0022040084e0',
    frames: ['calc-rsp-stream-tag-1', 'rsp-read-tag-multiple'],
  },
  {
    id: 'wake-preamble',
    hex: 'ffffffffffffffffffffffffffffffffff14030000141208003000000220220804010b0125000000107962',
    frames: ['rsp-version-3'],
  },
  {
    id: 'truncated-head',
    hex: '0c000005000000008030003474257bf40000000000162ec9d80e60ff2822000010001b01ff0101d1330d35a40000002c005a05000000008030003374257bf40c0e400000162e02336ae8ff0022040084e0',
    frames: ['calc-rsp-stream-tag-3', 'rsp-read-tag-multiple'],
  },
  {
    id: 'truncated-tail-then-good',
    hex: 'ff2822000010001b01ff0101cc110d35a40000000c000005000000008030003474257bf4000000000016ff2822000010001b01ff0101d1330d35a40000002c005a05000000008030003374257bf40c0e400000162e02336ae8ff0022040084e0',
    frames: ['calc-rsp-stream-tag-3', 'rsp-read-tag-multiple'],
  },
  {
    id: 'bit-flip',
    hex: 'ff2822000010001b01ff0101dc110d35a40000000c000005000000008030003474257bf40000000000162ec9d80e60ff2822000010001b01ff0101d1330d35a40000002c005a05000000008030003374257bf40c0e400000162e02336ae8ff0022040084e0',
    frames: ['calc-rsp-stream-tag-3', 'rsp-read-tag-multiple'],
  },
  {
    id: 'ascii-noise',
    hex: '626f6f74206f6b0d0aff2822000010001b01ff0101cc110d35a40000000c000005000000008030003474257bf40000000000162ec9d80e600000ff017200001e4819',
    frames: ['calc-rsp-stream-tag-1', 'rsp-get-temperature'],
  },
];
