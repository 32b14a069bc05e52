using System.Text;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf.Repair;

/// <summary>The words that a rebuild goes by are found by vectors; looking at each place one after the other finds the same.</summary>
public sealed class LandmarksTests
{
    private static readonly string[] Pieces = ["obj", "endobj", " ", "\n", "\0", "trailer", "/ObjStm", "/Obj#53tm", "/#4f#62jStm", "Obj", "trail", "bj", "ai", "ck", "#4", "d", "dobj", "d obj", "x", "7 0 obj", "/XRef", "XRef", "/X#52ef"];

    [Fact]
    public void What_vectors_find_is_what_stands_there()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 3000; round++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(900); text.Length < length;)
                text.Append(Pieces[random.Next(Pieces.Length)]);
            var (from, until) = (random.Next(1, 20), text.Length - random.Next(20));
            Assert.Equal(Plainly(text.ToString(), from, until), ByVectors(text.ToString(), from, until));
        }
    }

    private static List<(LandmarkKind Kind, int Word)> ByVectors(string text, int from, int until)
    {
        var found = new List<(LandmarkKind, int)>();
        var landmarks = new Landmarks(Encoding.Latin1.GetBytes(text), from, until);
        while (landmarks.TryNext(out var hit))
        {
            if (landmarks.Kind(hit, out var word) is not LandmarkKind.None and var kind)
                found.Add((kind, word));
        }
        return found;
    }

    private static List<(LandmarkKind Kind, int Word)> Plainly(string text, int from, int until)
    {
        var found = new List<(LandmarkKind, int)>();
        for (var word = from; word < until; word++)
        {
            var (before, here) = (text[word - 1], text[word..]);
            if (here.StartsWith("obj", StringComparison.Ordinal) && before is ' ' or '\n' or '\0')
                found.Add((LandmarkKind.Object, word));
            else if (here.StartsWith("trailer", StringComparison.Ordinal))
                found.Add((LandmarkKind.Trailer, word));
            else if (here.StartsWith("ObjStm", StringComparison.Ordinal) || (before == '/' && (here.StartsWith("Obj#53tm", StringComparison.Ordinal) || here.StartsWith("#4f#62jStm", StringComparison.Ordinal)
                || here.StartsWith("XRef", StringComparison.Ordinal) || here.StartsWith("X#52ef", StringComparison.Ordinal))))
                found.Add((LandmarkKind.Type, word));
        }
        return found;
    }
}
