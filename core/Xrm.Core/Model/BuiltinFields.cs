using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>The fields that every record has of itself.</summary>
internal static class BuiltinFields
{
    private static readonly FieldDescription Id = new("id", new TextType(36), Label.Of("Identifiant", "Id"));
    private static readonly FieldDescription Version = new("version", new IntegerType(), Label.Of("Version", "Version"));
    private static readonly FieldDescription CreatedAt = new("createdAt", new DateTimeType(), Label.Of("Créée le", "Created at"));
    private static readonly FieldDescription UpdatedAt = new("updatedAt", new DateTimeType(), Label.Of("Modifiée le", "Updated at"));
    private static readonly FieldDescription ValidFrom = new("validFrom", new DateType(), Label.Of("Du", "From"));
    private static readonly FieldDescription ValidTo = new("validTo", new DateType(), Label.Of("Au", "Until"));

    /// <summary>Those of a type; <c>validFrom</c> and <c>validTo</c> only where it is dated.</summary>
    public static IEnumerable<ModelField> Of(RecordType type)
    {
        yield return Made(Id, Builtin.Id);
        yield return Made(Version, Builtin.Version);
        yield return Made(CreatedAt, Builtin.CreatedAt);
        yield return Made(UpdatedAt, Builtin.UpdatedAt);
        if (!type.IsDated)
            yield break;
        yield return Made(ValidFrom, Builtin.ValidFrom);
        yield return Made(ValidTo, Builtin.ValidTo);

        ModelField Made(FieldDescription description, Builtin builtin) =>
            new() { Ordinal = 0, Description = description, Owner = type, Builtin = builtin, Plugin = "core" };
    }
}
