using System.Collections.Immutable;
using Xrm.Core.Access;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>Puts the grants of all plugins together by role, and checks what they name.</summary>
internal static class RoleCompiler
{
    public static ImmutableArray<Role> Roles(ImmutableArray<ModelDescription> descriptions, ModelFaults faults)
    {
        foreach (var description in descriptions)
            foreach (var role in description.Roles)
            {
                if (role.Name == Role.Administrator)
                    faults.Add(description.Plugin, role.Name, "clash", "le profil administrator appartient au cœur.", "the role administrator is the core's own.");
                else if (!ModelNames.IsCamel(role.Name))
                    faults.Add(description.Plugin, role.Name, "name", "un nom de profil commence par une minuscule et n'a que lettres et chiffres.", "a role's name is lower camel case.");
                faults.AddLabel(description.Plugin, role.Name, role.Label);
            }
        return [.. descriptions.SelectMany(d => d.Roles).GroupBy(r => r.Name).Select(g => g.First() with { Grants = [.. g.SelectMany(r => r.Grants)] })];
    }

    public static void Check(CompiledModel model, ImmutableArray<ModelDescription> descriptions, ModelFaults faults)
    {
        var binder = new Binder(model, default);
        foreach (var description in descriptions)
            foreach (var role in description.Roles)
                foreach (var grant in role.Grants)
                    Check(model, binder, grant, description.Plugin, role.Name, faults);
        CountFilters(descriptions, faults);
    }

    /// <summary>Whoever holds all roles must be decidable, so the filters of all roles count together.</summary>
    private static void CountFilters(ImmutableArray<ModelDescription> descriptions, ModelFaults faults)
    {
        var filtered = descriptions.SelectMany(d => d.Roles.SelectMany(r => r.Grants).Where(g => g.Where is not null).Select(g => (d.Plugin, Grant: g)));
        foreach (var type in filtered.GroupBy(g => g.Grant.Type, StringComparer.Ordinal))
        {
            var count = type.Select(g => g.Grant.Where!).Distinct(SameFilter.Comparer).Count();
            if (count > TypeRights.MostQuestions)
                faults.Add(string.Join(", ", type.Select(g => g.Plugin).Distinct()), type.Key, "filters",
                    $"les droits de tous les profils sur ce type ont {count} filtres différents, {TypeRights.MostQuestions} au plus sont admis. Réunissez-en.",
                    $"the grants of all roles on this type have {count} different filters, at most {TypeRights.MostQuestions} are allowed. Join some of them.");
        }
    }

    private static void Check(CompiledModel model, Binder binder, Grant grant, string plugin, string role, ModelFaults faults)
    {
        var where = $"{role}, {grant.Type}";
        if (!model.ByName.TryGetValue(grant.Type, out var type))
        {
            faults.Add(plugin, where, "unknown", "le droit nomme un type qui n'existe pas.", "the grant names a type that does not exist.");
            return;
        }
        if (grant.Rights == Rights.None || (grant.Rights & ~Rights.All) != 0)
            faults.Add(plugin, where, "rights", "le droit ne permet rien de connu.", "the grant allows nothing known.");
        foreach (var field in grant.Fields ?? [])
            if (!type.ByName.ContainsKey(field))
                faults.Add(plugin, where, "unknown", $"le droit nomme le champ inconnu {field}.", $"the grant names the unknown field {field}.");
        if (grant.Where is null)
            return;
        var found = new List<Fault>();
        binder.Bind(grant.Where, type, null, found);
        foreach (var fault in found)
            faults.Add(plugin, where, "filter", $"le filtre du droit : {fault.Message.Fr}", $"the grant's filter: {fault.Message.En}");
    }
}
