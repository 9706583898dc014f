/** Les mots pour les outils perdus pour de bon, en français. */
export const frLosses = {
  loss: {
    button: 'Perdu pour de bon',
    title: '{{name}} est-il perdu pour de bon ?',
    text: 'Une autre personne doit le confirmer. D’ici là, il attend dans la liste de ce qui demande quelqu’un.',
    done: 'Ce qui a été fait pour le trouver',
    ask: 'Dire qu’il est perdu',
    decide: 'Décider',
    lost: 'Il est perdu',
    notLost: 'Il n’est pas perdu',
    lostText: 'Il est retiré, et les deux noms sont au journal.',
    notLostText: 'Il reste en service. Qui l’a dit perdu revient ainsi sur sa parole.',
    verdict: 'Votre décision',
    note: 'Pourquoi (facultatif)',
  },
} as const;
