using Parties;
using Xrm.Sdk;

namespace Elus;

/// <summary>What this plugin keeps of a person.</summary>
internal static class Official
{
    public static readonly TypeExtension Extension = Person.Type.ExtendedBy("elus");

    /// <summary>Tells namesakes apart when a register is read: a keyed hash of the family name and the birth date, which itself is not kept.</summary>
    public static readonly Field<string> BirthKey = Extension
        .Text("birthKey", Label.Of("Empreinte de rapprochement", "Matching key"), 40)
        .Sensitive(Sensitivity.Special).Hidden();
}
