import Canon
import Experiment
import Testing
import Workbench

@Suite struct TableImportStageTests {
    private let schema: JSON = [
        ["name": "N", "from": "size", "type": "integer", "unit": "parameters"],
        ["name": "loss", "type": "number"], ["name": "model", "type": "text"],
    ]

    @Test func `a table is read by its schema, derived, filtered and sorted`() throws {
        let csv = "model,size,loss,extra\nb,20,3.5,x\na,10,4,y\n7,10,2e0,z\n"
        let table = try run(
            TableImportStage.self,
            [
                "columns": schema, "derive": ["D = 60 / N", "twice = 2 * D"], "where": ["loss > 2"],
                "order": ["N"],
            ], ["file": [given(csv)]]
        ).text("table")
        #expect(table == "N,loss,model,D,twice\n10,4,a,6,12\n20,3.5,b,3,6\n")
    }

    @Test func `JSON lines give the same table as CSV`() throws {
        let lines =
            "{\"size\":20,\"loss\":3.5,\"model\":\"b\"}\n\n{\"model\":\"a\",\"size\":10,\"loss\":4}\n"
        let table = try run(
            TableImportStage.self, ["columns": schema, "format": "jsonl"], ["file": [given(lines)]]
        ).text("table")
        #expect(table == "N,loss,model\n20,3.5,b\n10,4,a\n")
    }

    @Test func `bad rows are refused with their lines, or skipped and listed`() throws {
        let csv = "model,size,loss\na,10,4\nb,ten,3\nc,30\nd,40.5,1\ne,50,2\n"
        let text = failure {
            _ = try run(TableImportStage.self, ["columns": schema], ["file": [given(csv)]])
        }
        #expect(
            text
                == "given: 3 rows do not fit the schema: line 3: column `size`: expected a whole number, "
                + "found \"ten\"; line 4: expected 3 fields, found 2; line 5: column `size`: expected a "
                + "whole number, found \"40.5\"; "
                + "mend the columns, or set bad_rows: skip")
        let skipped = try run(
            TableImportStage.self, ["columns": schema, "bad_rows": "skip"], ["file": [given(csv)]])
        #expect(skipped.text("table") == "N,loss,model\n10,4,a\n50,2,e\n")
        let summary = try skipped.json("summary")
        #expect(summary["bad"]?.elements?.map { $0["line"] } == [3, 4, 5])
    }

    @Test func `of repeated rows the last one is kept`() throws {
        let csv = "model,size,loss\na,10,4\nb,20,3\na,10,5\n"
        let table = try run(
            TableImportStage.self, ["columns": schema, "distinct": ["model", "N"]],
            ["file": [given(csv)]]
        ).text("table")
        #expect(table == "N,loss,model\n20,3,b\n10,5,a\n")
    }
}
