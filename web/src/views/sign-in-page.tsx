import { Alert, Button, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { isEmail, isNotEmpty, useForm } from '@mantine/form';
import { errorText } from '@tagtrail/shared/error.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../app/services.js';
import { statusOf } from '../data/api-client.js';

/** The door. */
export function SignInPage() {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ from: '/sign-in' });
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: { email: isEmail(t('signIn.badEmail')), password: isNotEmpty(t('signIn.noPassword')) },
  });
  const enter = useMutation({
    mutationFn: (values: { email: string; password: string }) => api.signIn(values.email.trim(), values.password),
    onSuccess: (who) => {
      queries.setQueryData(['me'], who);
      // Only a path of our own is followed.
      const to = search.to?.startsWith('/') && !search.to.startsWith('//') ? search.to : '/';
      void navigate({ href: to });
    },
  });
  const wrong = statusOf(enter.error) === 401;
  return (
    <main className="tt-sign-in">
      <form onSubmit={form.onSubmit((values) => enter.mutate(values))} className="tt-card" noValidate>
        <Stack gap="md">
          <div className="tt-sign-in-head">
            <img src="/icon.svg" width={44} height={44} alt="" />
            <div>
              <Title order={1} size={24}>
                TagTrail
              </Title>
              <span className="tt-soft">{t('signIn.lead')}</span>
            </div>
          </div>
          {search.ended && !enter.isError && <Alert>{t('signIn.ended')}</Alert>}
          {enter.isError && (
            <Alert color="red" role="alert" data-testid="sign-in-error">
              {wrong ? t('signIn.wrong') : errorText(enter.error)}
            </Alert>
          )}
          <TextInput
            label={t('signIn.email')}
            type="email"
            name="email"
            autoComplete="username"
            size="md"
            data-autofocus
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            size="md"
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={enter.isPending} data-testid="sign-in-submit">
            {t('signIn.submit')}
          </Button>
        </Stack>
      </form>
      <LanguageButton />
    </main>
  );
}

function LanguageButton() {
  const { t, i18n } = useTranslation();
  return (
    <Button
      variant="subtle"
      color="gray"
      lang={i18n.language.startsWith('fr') ? 'en' : 'fr'}
      onClick={() => void i18n.changeLanguage(i18n.language.startsWith('fr') ? 'en' : 'fr')}
    >
      {t('bar.language')}
    </Button>
  );
}
