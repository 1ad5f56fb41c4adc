using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Accessibility;

/// <summary>The checks find what they are there to find: a check that can find nothing proves nothing.</summary>
public sealed class ChecksTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    private const string Good =
        """
        <!doctype html><html lang="fr"><head><title>Essai</title><meta name="viewport" content="width=device-width"></head>
        <body><header><a href="#contenu">Aller au contenu</a></header><main id="contenu" tabindex="-1"><h1>Essai</h1>BODY</main></body></html>
        """;

    [Fact]
    public async Task A_plain_page_has_no_fault()
    {
        await Page.SetContentAsync(Good.Replace("BODY", "<p>Un texte.</p><p><label for=\"n\">Nom</label> <input id=\"n\"></p><p><button>Enregistrer</button></p>"));
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
    }

    [Theory]
    [InlineData("1.1", "<p><img src=\"data:,\"></p>")]
    [InlineData("1.2", "<p>Rond <svg width=\"9\" height=\"9\"><circle r=\"3\"/></svg></p>")]
    [InlineData("2.1", "<iframe srcdoc=\"a\"></iframe>")]
    [InlineData("5.4", "<table><thead><tr><th scope=\"col\">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>")]
    [InlineData("5.6", "<table><caption>T</caption><tr><td>1</td></tr></table>")]
    [InlineData("6.1", "<p><a href=\"/\">Cliquez ici</a></p>")]
    [InlineData("6.2", "<p><a href=\"/\"></a> texte</p>")]
    [InlineData("7.1", "<button></button>")]
    [InlineData("7.3", "<div onclick=\"1\">Ouvrir</div>")]
    [InlineData("8.2", "<p id=\"a\">A</p><p id=\"a\">B</p>")]
    [InlineData("8.8", "<p lang=\"zzzzzzzzzz\">A</p>")]
    [InlineData("8.9", "<p></p>")]
    [InlineData("9.1", "<h4>Trop loin</h4>")]
    [InlineData("9.2", "<nav><a href=\"/\">A propos</a></nav><nav><a href=\"/b\">Aide en ligne</a></nav>")]
    [InlineData("10.1", "<center>A</center>")]
    [InlineData("10.4", "<div style=\"width:20px;height:10px;overflow:hidden\">Ceci est bien trop long</div>")]
    [InlineData("10.7", "<button style=\"outline:none;border:0\">Sans contour</button>")]
    [InlineData("10.11", "<div style=\"width:600px\">Large</div>")]
    [InlineData("10.12", "<div style=\"height:20px;line-height:1.1;overflow:hidden\">Une ligne</div>")]
    [InlineData("11.1", "<input>")]
    [InlineData("11.6", "<fieldset><label>Nom <input></label></fieldset>")]
    [InlineData("12.8", "<button tabindex=\"3\">Après</button>")]
    [InlineData("13.8", "<p style=\"transition:color 2s\">Lent</p>")]
    public async Task A_page_against_a_criterion_is_told_with_its_number(string criterion, string body)
    {
        await Page.SetContentAsync(Good.Replace("BODY", body));
        (await Rgaa.Faults(Page)).Select(f => f.Criterion).ShouldContain(criterion);
    }

    [Fact]
    public async Task Axe_tells_of_each_element_what_is_wrong()
    {
        await Page.SetContentAsync(Good.Replace("BODY", "<p style=\"color:#bbb\">Trop pâle</p><button style=\"width:9px;height:9px;padding:0\">a</button><button style=\"width:9px;height:9px;padding:0\">b</button>"));
        var told = await Axe.Violations(Page);
        told.ShouldContain(v => v.StartsWith("color-contrast", StringComparison.Ordinal) && v.Contains("Trop pâle"));
        told.Count(v => v.StartsWith("target-size", StringComparison.Ordinal)).ShouldBe(2);
    }
}
