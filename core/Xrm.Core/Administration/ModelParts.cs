using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>A part of a model as a line of a plan names it.</summary>
/// <param name="Name">As in <see cref="PlanLine.Name"/>.</param>
/// <param name="Label">What people read for it.</param>
/// <param name="Said">What each plugin says of it, as JSON without that of its fields; one plugin but for lists and roles.</param>
internal abstract record ModelPart(string Name, Label Label, ImmutableArray<(string Plugin, string Json)> Said)
{
    public abstract PlanPart Kind { get; }

    /// <summary>A kind of things.</summary>
    public sealed record OfType(EntityTypeDescription Type, ImmutableArray<(string Plugin, string Json)> Said) : ModelPart(Type.Name, Type.Label, Said)
    {
        public override PlanPart Kind => PlanPart.EntityType;
    }

    /// <summary>A kind of links.</summary>
    public sealed record OfRelationship(RelationshipTypeDescription Type, ImmutableArray<(string Plugin, string Json)> Said) : ModelPart(Type.Name, Type.Label, Said)
    {
        public override PlanPart Kind => PlanPart.RelationshipType;
    }

    /// <summary>A field, and the name of the type that has it.</summary>
    public sealed record OfField(string Owner, FieldDescription Field, ImmutableArray<(string Plugin, string Json)> Said) : ModelPart($"{Owner}.{Field.Name}", Field.Label, Said)
    {
        public override PlanPart Kind => PlanPart.Field;
    }

    /// <summary>A list with the codes of all plugins.</summary>
    public sealed record OfList(CodeList List, ImmutableArray<(string Plugin, string Json)> Said) : ModelPart(List.Name, List.Label, Said)
    {
        public override PlanPart Kind => PlanPart.CodeList;
    }

    /// <summary>A role with the grants of all plugins.</summary>
    public sealed record OfRole(Role Role, ImmutableArray<(string Plugin, string Json)> Said) : ModelPart(Role.Name, Role.Label, Said)
    {
        public override PlanPart Kind => PlanPart.Role;
    }

    public bool IsSameAs(ModelPart other) => Said.SequenceEqual(other.Said);

    /// <summary>The first plugin that says something else than before, or nothing any more.</summary>
    /// <param name="before">What was said before; null when nothing was.</param>
    public string PluginThatDiffers(ModelPart? before)
    {
        if (before is null)
            return Said[0].Plugin;
        foreach (var one in Said.Concat(before.Said))
            if (!before.Said.Contains(one) || !Said.Contains(one))
                return one.Plugin;
        return Said[0].Plugin;
    }
}

/// <summary>All parts of some effective descriptions: each type with its fields behind it, then lists, then roles.</summary>
internal sealed class ModelParts
{
    private readonly Dictionary<(PlanPart, string), ModelPart> _byName = [];

    public ModelParts(ImmutableArray<ModelDescription> effective)
    {
        var fields = effective.SelectMany(Fields).ToLookup(f => f.Owner, StringComparer.Ordinal);
        foreach (var description in effective)
        {
            foreach (var type in description.EntityTypes)
            {
                var own = type with { Fields = [] };
                Add(new ModelPart.OfType(own, Once(description, d => d with { EntityTypes = [own] })));
                AddFields(type.Name);
            }
            foreach (var type in description.RelationshipTypes)
            {
                var own = type with { Fields = [] };
                Add(new ModelPart.OfRelationship(own, Once(description, d => d with { RelationshipTypes = [own] })));
                AddFields(type.Name);
            }
        }
        // Of parked fields the type can be in force, and so not be here.
        foreach (var owner in fields)
            AddFields(owner.Key);
        foreach (var list in effective.SelectMany(d => d.CodeLists.Select(l => (Description: d, List: l))).GroupBy(l => l.List.Name))
            Add(new ModelPart.OfList(
                list.First().List with { Codes = [.. list.SelectMany(l => l.List.Codes).DistinctBy(c => c.Name)] },
                [.. list.SelectMany(l => Once(l.Description, d => d with { CodeLists = [l.List] }))]));
        foreach (var role in effective.SelectMany(d => d.Roles.Select(r => (Description: d, Role: r))).GroupBy(r => r.Role.Name))
            Add(new ModelPart.OfRole(
                role.First().Role with { Grants = [.. role.SelectMany(r => r.Role.Grants)] },
                [.. role.SelectMany(r => Once(r.Description, d => d with { Roles = [r.Role] }))]));

        void AddFields(string owner)
        {
            foreach (var field in fields[owner])
                Add(field);
        }
    }

    /// <summary>In the order of the descriptions.</summary>
    public List<ModelPart> All { get; } = [];

    public ModelPart? Find(PlanPart kind, string name) => _byName.GetValueOrDefault((kind, name));

    /// <summary>The part of the same kind and name; null when there is none.</summary>
    public ModelPart? Like(ModelPart part) => Find(part.Kind, part.Name);

    /// <summary>What stands twice under a name is told when the model is compiled; the first counts here.</summary>
    private void Add(ModelPart part)
    {
        if (_byName.TryAdd((part.Kind, part.Name), part))
            All.Add(part);
    }

    private static IEnumerable<ModelPart.OfField> Fields(ModelDescription description) =>
        description.EntityTypes.SelectMany(t => t.Fields.Select(f => (Owner: t.Name, Field: f)))
            .Concat(description.RelationshipTypes.SelectMany(t => t.Fields.Select(f => (Owner: t.Name, Field: f))))
            .Concat(description.Extensions.SelectMany(e => e.Fields.Select(f => (Owner: e.Type, Field: f))))
            .Select(f => new ModelPart.OfField(f.Owner, f.Field, Once(description, d => d with { Extensions = [new(f.Owner, [f.Field])] })));

    private static ImmutableArray<(string Plugin, string Json)> Once(ModelDescription description, Func<ModelDescription, ModelDescription> with) =>
        [(description.Plugin, ModelJson.ToJson(with(new ModelDescription(description.Plugin))))];
}
