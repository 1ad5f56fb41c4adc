using System.Diagnostics;
using Xrm.Sdk;
using Xunit;
namespace Xrm.Elus.Tests.Rne;
public class Probe(ITestOutputHelper o)
{
    [Fact]
    public void Real()
    {
        var d = "/work/shared/data/";
        var a = File.ReadAllBytes(d + "rne-maires/maires_2019-10-03.txt"); var b = File.ReadAllBytes(d + "rne-maires/rne-maires-2022.csv"); var c = File.ReadAllBytes(d + "rne-ardennes/rne-maires.csv");
        var w = new World();
        Run(w, "2019", a); Run(w, "2022", b); Run(w, "2022 again", b); Run(w, "2019 again", a); Run(w, "08", c);
        Show(w);
        w = new World();
        Run(w, "2022", b); Run(w, "2019", a); Run(w, "2019 again", a); Run(w, "2022 again", b);
        Show(w);
    }
    void Show(World w) { foreach (var c in new[] { "08001", "13055", "35238", "97228", "26339", "02332", "68298" }) o.WriteLine(c + " " + w.Mayors(c)); }
    void Run(World w, string n, byte[] bytes)
    {
        var s = Stopwatch.StartNew(); var m = GC.GetAllocatedBytesForCurrentThread();
        var p = w.Import(bytes);
        o.WriteLine($"== {n}: rows {p.Report.Rows} edits {p.Commit.Edits.Count} {string.Join(' ', Enum.GetValues<ImportLineKind>().Select(k => k + "=" + p.Report.Count(k)))} {s.ElapsedMilliseconds} ms {(GC.GetAllocatedBytesForCurrentThread() - m) >> 20} MB; created {string.Join(' ', p.Commit.Edits.OfType<Edit.Create>().GroupBy(e => e.Type).Select(g => g.Key + "=" + g.Count()))} updated {string.Join(' ', p.Commit.Edits.OfType<Edit.Update>().GroupBy(e => e.Type).Select(g => g.Key + "=" + g.Count()))}");
        foreach (var k in p.Report.Lines.GroupBy(l => (l.Kind, System.Text.RegularExpressions.Regex.Replace(l.Message.En.Split(": ")[^1], "[A-ZÀ-Ü][^ ,]*|[0-9-]+", "#")[..Math.Min(40, System.Text.RegularExpressions.Regex.Replace(l.Message.En.Split(": ")[^1], "[A-ZÀ-Ü][^ ,]*|[0-9-]+", "#").Length)])).OrderByDescending(g => g.Count()).Take(12))
            o.WriteLine($"   {k.Count()} {k.Key.Kind} {k.First().Line} {k.First().Message.En} | {k.First().Message.Fr}");
    }
}
