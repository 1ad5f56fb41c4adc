using Xrm.Sdk;

namespace Xrm.Sdk.Tests;

public class TextKeyTests
{
    [Theory]
    [InlineData("LEFÈVRE", "lefevre")]
    [InlineData("d’Œuvre-Saint  'Élie' ", "d oeuvre saint elie")]
    [InlineData("DÉSIRONT", "desiront")]
    [InlineData("Straße", "strasse")]
    [InlineData("", "")]
    public void Case_accents_hyphens_and_apostrophes_do_not_count(string text, string fold) => TextKey.Fold(text).ShouldBe(fold);
}
