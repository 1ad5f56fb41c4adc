using Xrm.Core.Model;

namespace Xrm.Core.Plans;

/// <summary>A value checked by all that the model says of its field, as it is to be kept. In edits that never leave the program it may stand in place of the value, which is then not checked and written down once more.</summary>
/// <remarks>Under another model than the field's own it counts as the bare value.</remarks>
/// <param name="Value">In the CLR form of the shape; never empty.</param>
/// <param name="Json">Its canonical JSON.</param>
internal sealed record KeptValue(ModelField Field, object Value, byte[] Json);
