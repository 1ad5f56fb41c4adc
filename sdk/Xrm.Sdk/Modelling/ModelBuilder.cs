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

    /// <summary>What was said so far.</summary>
    public ModelDescription Build() => _description;
}
