using Xrm.Sdk;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Model;

/// <summary>What people call a thing: where the fields that name it are choices or codes, their labels instead of the values.</summary>
internal static class Naming
{
    /// <summary>Whether the things of a type are named by choices, states or codes.</summary>
    public static bool IsByLabels(StaffModel model, ModelType type) => type.DisplayFields.Any(f => type.Field(f) is { } field && !model.Options(field).IsEmpty);

    /// <summary>The name of a thing in a language; the server's where the fields that make it are not known here.</summary>
    public static string Of(StaffModel model, Language language, Entity thing)
    {
        if (!model.ByName.TryGetValue(thing.Type, out var type) || !IsByLabels(model, type))
            return thing.DisplayName;
        var parts = new List<string>();
        foreach (var name in type.DisplayFields)
            if (type.Field(name) is { IsMany: false } field && thing.Values.TryGet(name, out var value) && value is string text)
                parts.Add(language[model.LabelOf(field, text)]);
        return parts.Count == 0 ? thing.DisplayName : string.Join(' ', parts);
    }
}
