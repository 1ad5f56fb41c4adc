using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>Collects what a plugin says about the model. It copies: no token stays behind.</summary>
/// <remarks>Nothing is checked here; the compiler tells all problems at once.</remarks>
public sealed class ModelBuilder
{
    private ModelDescription _description;

    /// <summary>A builder for one plugin.</summary>
    /// <param name="plugin">The plugin's id.</param>
    public ModelBuilder(string plugin) => _description = new(plugin);

    /// <summary>Adds kinds of things with their fields.</summary>
    public ModelBuilder Add(params ReadOnlySpan<EntityType> types)
    {
        foreach (var type in types)
            _description = _description with { EntityTypes = _description.EntityTypes.Add(type.Description) };
        return this;
    }

    /// <summary>Adds kinds of links with their fields.</summary>
    public ModelBuilder Add(params ReadOnlySpan<RelationshipType> types)
    {
        foreach (var type in types)
            _description = _description with { RelationshipTypes = _description.RelationshipTypes.Add(type.Description) };
        return this;
    }

    /// <summary>Adds lists of codes.</summary>
    public ModelBuilder Add(params ReadOnlySpan<CodeList> lists)
    {
        _description = _description with { CodeLists = [.. _description.CodeLists, .. lists] };
        return this;
    }

    /// <summary>Adds fields to another plugin's type.</summary>
    public ModelBuilder Extend(TypeExtension extension)
    {
        _description = _description with { Extensions = _description.Extensions.Add(new(extension.Type, extension.Fields)) };
        return this;
    }

    /// <summary>Adds grants to a role, and the role if there is none of that name yet.</summary>
    /// <param name="name">Lower camel case: <c>assemblyOffice</c>.</param>
    /// <param name="label">What people read.</param>
    /// <param name="grant">Says what the role may do.</param>
    public ModelBuilder Role(string name, Label label, Action<GrantBuilder> grant)
    {
        var grants = new GrantBuilder();
        grant(grants);
        _description = _description with { Roles = _description.Roles.Add(new Role(name, label, grants.Grants.ToImmutable())) };
        return this;
    }

    /// <summary>Adds what makes sense only beside another plugin, which this one does not require: it is not there while the other is not, and appears when it arrives.</summary>
    /// <param name="plugin">The other's id.</param>
    /// <param name="add">Adds relationship types, fields of others' types, roles, labels. Name the other's types with <see cref="EntityType.Elsewhere"/>.</param>
    public ModelBuilder When(string plugin, Action<ModelBuilder> add)
    {
        var part = new ModelBuilder(_description.Plugin);
        add(part);
        _description = _description with { Optional = _description.Optional.Add(new(plugin, part.Build())) };
        return this;
    }

    /// <summary>Gives another's type another word.</summary>
    public ModelBuilder Relabel(EntityType type, Label label) => Relabel(type.Name, label);

    /// <summary>Gives another's field another word.</summary>
    public ModelBuilder Relabel(Field field, Label label) => Relabel($"{field.Owner.TypeName}.{field.Name}", label);

    /// <summary>Says that things of a type hold data about persons.</summary>
    /// <param name="type">The type.</param>
    /// <param name="purpose">What they are kept for.</param>
    /// <param name="subject">The end that leads to the person they are about; null = the thing is the person.</param>
    /// <param name="keepDays">For how many days after the last change; null = not said.</param>
    public ModelBuilder PersonalData(EntityType type, Label purpose, RelationshipEnd? subject = null, int? keepDays = null)
    {
        _description = _description with { PersonalData = _description.PersonalData.Add(new(type.Name, purpose, subject?.Name, keepDays)) };
        return this;
    }

    /// <summary>Asks to be allowed something: it is shown before the plugin is installed, and what was not asked for is refused while it runs.</summary>
    public ModelBuilder Permissions(Action<PermissionBuilder> ask)
    {
        var permissions = new PermissionBuilder(_description.Permissions);
        ask(permissions);
        _description = _description with { Permissions = permissions.Asked };
        return this;
    }

    /// <summary>What was said so far.</summary>
    public ModelDescription Build() => _description;

    private ModelBuilder Relabel(string target, Label label)
    {
        _description = _description with { Labels = _description.Labels.Add(new(target, label)) };
        return this;
    }
}
