using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>What a row of a register of mayors says.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Commune">The five-character code.</param>
/// <param name="CommuneName">As written.</param>
/// <param name="FamilyName">As written, spaces tidied.</param>
/// <param name="GivenName">As written, spaces tidied; may be empty.</param>
/// <param name="BirthKey">Stands for the birth date, which is not kept.</param>
/// <param name="MandateStart">The first day of the mandate.</param>
/// <param name="FunctionStart">The first day as mayor.</param>
internal sealed record RegisterRow(int Line, string Commune, string CommuneName, string FamilyName, string GivenName, string BirthKey, DateOnly MandateStart, DateOnly FunctionStart)
{
    /// <summary>As lists have it: <c>DÉSIRONT Gérard</c>.</summary>
    public string Name => GivenName.Length == 0 ? FamilyName : FamilyName + " " + GivenName;
}

/// <summary>A row that could not be read.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Commune">The commune that it is about, when that much could be read; it then counts as not absent.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record RefusedRow(int Line, string? Commune, Label Reason);

/// <summary>All that a file says.</summary>
/// <param name="Rows">In the order of the file.</param>
/// <param name="Refused">In the order of the file.</param>
/// <param name="OtherFunctions">How many rows are about other functions than the mayor's and were passed over.</param>
/// <param name="IsCut">Whether it ends in the middle of a row: what would have come after is not known to be absent.</param>
internal sealed record RegisterFile(IReadOnlyList<RegisterRow> Rows, IReadOnlyList<RefusedRow> Refused, int OtherFunctions, bool IsCut)
{
    public int Count => Rows.Count + Refused.Count + OtherFunctions;

    /// <summary>The newest day that it names; null when it has no row.</summary>
    public DateOnly? NewestDate => Rows.Count == 0 ? null : Rows.Max(row => row.FunctionStart > row.MandateStart ? row.FunctionStart : row.MandateStart);
}
