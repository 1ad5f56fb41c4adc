using Xrm.Core.Model;

namespace Xrm.Core.Plans;

/// <summary>Values of a thing that is made, each checked by all that the model says of its field, packed as they are to be kept. In edits that never leave the program one stands in place of many values, under the name <see cref="Name"/>.</summary>
/// <remarks>Under another model than its type's own it counts as the bare values.</remarks>
/// <param name="type">Whose fields they are: described ones, no states (<see cref="ValueSetter.IsPlain"/>).</param>
/// <param name="fields">A <see cref="Storage.FieldSet"/> without nulls; nobody changes the bytes any more.</param>
internal sealed class KeptSet(RecordType type, ReadOnlyMemory<byte> fields)
{
    /// <summary>No field's name.</summary>
    public const string Name = "";

    public RecordType Type => type;
    public ReadOnlyMemory<byte> Fields => fields;
}
