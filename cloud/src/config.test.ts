import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';
import { allRoles, parseRoles } from './roles/roles.js';

describe('the configuration', () => {
  it('has a value for everything', () => {
    expect(readConfig({ HOME: '/root', PORT: '' }, '/srv')).toEqual({
      roles: allRoles,
      metricsHost: '127.0.0.1',
      slowRequestMs: 1000,
      noticeDays: 30,
      port: 8080,
      host: '127.0.0.1',
      mqttPort: 1883,
      dataFolder: '/srv/.tagtrail',
      logLevel: 'info',
      logKeepDays: 30,
      stopWithStdin: false,
    });
  });

  it('names all problems at once', () => {
    const wrong = {
      PORT: 'web',
      MQTT_PORT: '70000',
      DATABASE_URL: 'mysql://x',
      LOG_LEVEL: 'loud',
      LOG_KEEP_DAYS: '366',
      TAGTRAIL_DTA: 'x',
      AUTH_SECRET: 'short',
    };
    let text = '';
    try {
      readConfig(wrong, '/srv');
    } catch (error) {
      text = String(error);
    }
    for (const name of Object.keys(wrong)) expect(text).toContain(`${name}:`);
  });

  it('takes backups where a folder is named, and only with a key and a role that may read everything', () => {
    expect(readConfig({ BACKUP_FOLDER: 'kept', BACKUP_KEY_FILE: '/key', BACKUP_KEEP: '3' }, '/srv').backup).toEqual({
      ...{ folder: '/srv/kept', everyMs: 86_400_000, keep: 3, keyFile: '/key' },
    });
    expect(() => readConfig({ BACKUP_FOLDER: 'kept' }, '/srv')).toThrow(/BACKUP_FOLDER: needs BACKUP_KEY_FILE/);
    const theirs = { DATABASE_URL: 'postgres://app@db/tagtrail', BACKUP_FOLDER: 'kept', BACKUP_KEY_FILE: '/key' };
    expect(() => readConfig(theirs, '/srv')).toThrow(/BACKUP_FOLDER: needs DATABASE_OWNER_URL/);
  });

  it('trusts proxies that are named one by one, as networks, or by what they are', () => {
    const trusted = (text: string) => readConfig({ TRUSTED_PROXIES: text }, '/srv').trustedProxies;
    expect(trusted('10.0.0.7, fd00::/8,uniquelocal')).toEqual(['10.0.0.7', 'fd00::/8', 'uniquelocal']);
    expect(readConfig({}, '/srv').trustedProxies).toBeUndefined();
    for (const wrong of ['true', '1', 'proxy', '10.0.0.0/33', '10.0.0.0/', '10.0.0.7,', '10.0.0.0/8/8', '*'])
      expect(() => trusted(wrong), wrong).toThrow(/TRUSTED_PROXIES/);
  });

  it('refuses settings that do not fit together', () => {
    expect(() => readConfig({ PORT: '1883' }, '/srv')).toThrow(/MQTT_PORT/);
    expect(() => readConfig({ MQTT_TLS_CERT: 'a.pem' }, '/srv')).toThrow(/MQTT_TLS_KEY.*MQTT_TLS_CERT/s);
    expect(() => readConfig({ TLS_KEY: 'a.key', TLS_CERT: 'a.pem' }, '/srv')).toThrow(/PUBLIC_URL/);
    expect(() => readConfig({ TLS_KEY: 'a.key' }, '/srv')).toThrow(/TLS_CERT/);
    const served = { TLS_KEY: 'a.key', TLS_CERT: 'a.pem', PUBLIC_URL: 'https://tools.example' };
    expect(readConfig(served, '/srv').tls).toEqual({ certFile: '/srv/a.pem', keyFile: '/srv/a.key' });
    const certificate = { MQTT_TLS_CERT: 'a.pem', MQTT_TLS_KEY: '/k.pem' };
    expect(() => readConfig({ ...certificate, MQTT_URL: 'mqtt://broker' }, '/srv')).toThrow(/MQTT_TLS_CERT/);
    expect(readConfig(certificate, '/srv').mqttTls).toEqual({ certFile: '/srv/a.pem', keyFile: '/k.pem' });
    expect(() => readConfig({ DATABASE_OWNER_URL: 'postgresql://o@db/t' }, '/srv')).toThrow(/DATABASE_URL/);
  });

  it.each([
    ['ingest', ['DATABASE_URL', 'MQTT_URL', 'CABINET_SECRET']],
    ['live', ['DATABASE_URL', 'AUTH_SECRET', 'PUBLIC_URL']],
    ['ingest,api,jobs', ['DATABASE_URL', 'MQTT_URL', 'CABINET_SECRET', 'AUTH_SECRET', 'PUBLIC_URL', 'LOG_SECRET']],
  ])('names everything that %s lacks in a process of its own', (text, missing) => {
    let problems = '';
    try {
      readConfig({}, '/srv', parseRoles(text));
    } catch (error) {
      problems = String(error);
    }
    expect(problems.match(/^ {2}[A-Z_]+(?=:)/gm)?.map((name) => name.trim())).toEqual(missing);
  });
});
